import numpy as np
import pytest
from harness import INTS, Case, Fault, operator_tests

import mxnet as mx

OP = "_npi_bincount"
X = np.array([1, 2, 2, 5])
W = np.array([0.5, 1, 2, 3])


def bincount(data, weights=None, minlength=0, has_weights=False):
    return np.bincount(data.astype("int64"), weights, max(minlength, 0))


def case(*inputs, out_dtype, **attrs):
    return Case(OP, inputs, bincount, attrs, out_dtype=out_dtype)


CASES = [
    *(case(X.astype(d), out_dtype=d) for d in INTS),
    case(X.astype("int32"), minlength=8, out_dtype="int32"),
    case(X.astype("int32"), minlength=-1, out_dtype="int32"),
    case(X[:0].astype("int32"), minlength=3, out_dtype="int32"),
    case(X[:0].astype("int32"), out_dtype="int32"),
    Case(
        OP,
        [X.astype("int32"), W],
        bincount,
        {"has_weights": True},
        ("float32", "float64", "float16"),
        oracle="1.9.1 has no gradient: it gives zeros",
    ),
    case(X.astype("int8"), W.astype("int32"), has_weights=True, out_dtype="int32"),
]
for c in CASES:
    c.symbol = False
FAULTS = [
    Fault(OP, [np.array([1, -2], "int32")], r"data\[1\]=-2 is negative"),
    Fault(OP, [X.reshape(2, 2).astype("int32")], "has not one axis"),
    Fault(OP, [W], "expected an integer dtype", kind=TypeError),
    Fault(OP, [X.astype("int32"), W[:2]], "weights|data", {"has_weights": True}),
]
TestBincount = operator_tests(CASES, FAULTS)


@pytest.mark.parametrize("count", [300, 3000])
def test_sums_of_half_numbers_do_not_stop(count):
    data, weights = mx.nd.zeros(count, dtype="int32"), mx.nd.ones(count, dtype="float16")
    got = mx.nd._internal._npi_bincount(data, weights, has_weights=True)
    assert got.asnumpy().tolist() == [count]
