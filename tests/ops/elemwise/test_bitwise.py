import numpy as np
import pytest
from harness import Case, operator_tests

import mxnet as mx

A = np.array([[7, -7, 0, 5], [12, 100, 1, -1]])
B = np.array([[3, 3, 2, 6]])
FUNCTIONS = {
    "bitwise_and": np.bitwise_and,
    "bitwise_or": np.bitwise_or,
    "bitwise_xor": np.bitwise_xor,
    "lcm": np.lcm,
}

CASES = []
for dtype in ("int32", "int64", "int8"):
    a, b = A.astype(dtype), B.astype(dtype)
    for name, function in FUNCTIONS.items():
        CASES += [
            Case(f"_npi_{name}", [a, b], function, out_dtype=dtype, name=f"{name}-{dtype}"),
            Case(
                f"_npi_{name}_scalar",
                [a],
                lambda x, scalar, f=function: f(x, x.dtype.type(scalar)),
                attrs={"scalar": 6},
                out_dtype=dtype,
                name=f"{name}-scalar-{dtype}",
            ),
        ]
    CASES.append(
        Case("_npi_bitwise_not", [a], np.invert, out_dtype=dtype, name=f"bitwise_not-{dtype}")
    )
TestBitwise = operator_tests(CASES)


def test_truth_values():
    a, b = np.array([True, True, False, False]), np.array([True, False, True, False])
    x, y = mx.nd.array(a, dtype="bool"), mx.nd.array(b, dtype="bool")
    for name, function in FUNCTIONS.items():
        if name != "lcm":
            got = getattr(mx.nd._internal, f"_npi_{name}")(x, y)
            assert got.dtype == np.bool_
            np.testing.assert_array_equal(got.asnumpy(), function(a, b))
    np.testing.assert_array_equal(mx.nd._internal._npi_bitwise_not(x).asnumpy(), ~a)


def test_floats_are_refused():
    x = mx.nd.array([1.0])
    with pytest.raises(TypeError, match="_npi_bitwise_and: lhs has dtype float32; expected an int"):
        mx.nd._internal._npi_bitwise_and(x, x)
