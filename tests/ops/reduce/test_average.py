import numpy as np
import pytest
from harness import FLOATS, Case, Fault, operator_tests

import mxnet as mx

R = np.random.default_rng(43)
X, W = R.normal(size=(3, 4)), R.uniform(0.5, 2, size=(3, 4))


def average(a, weights=None, axis=None, returned=False, weighted=True):
    result = np.average(a, axis, weights, returned)
    if not returned:
        return result
    # The sum of weights that all have in common is one number.
    alike = weights is None or weights.shape != a.shape
    return [result[0], np.ravel(result[1])[0] if alike else result[1]]


def case(*inputs, second=True, **attrs):
    of_sum = attrs.get("returned") and len(inputs) > 1
    oracle = "1.9.1 leaves out the gradient of the sum of the weights" if of_sum else True
    return Case("_npi_average", inputs, average, attrs, FLOATS, second=second, oracle=oracle)


CASES = [
    case(X, W),
    case(X, W, axis=0),
    case(X, W, axis=(0, 1)),
    case(X, W, axis=1, returned=True),
    case(X, W, returned=True),
    case(X, W[0], axis=1),
    case(X, W[:, 0], axis=0, returned=True),
    case(X[0], W[0], axis=0),
    case(X, weighted=False),
    case(X, axis=-1, weighted=False),
    case(X, axis=0, weighted=False, returned=True, second=False),
    case(X, weighted=False, returned=True, second=False),
]
FAULTS = [
    Fault("_npi_average", [X, W[0]], "weights=.* has not the shape of a="),
    Fault("_npi_average", [X, W[0]], "expected 3 weights", {"axis": 0}),
    Fault("_npi_average", [X > 0, W > 0], "a has dtype bool", kind=TypeError),
]
TestAverage = operator_tests(CASES, FAULTS)


@pytest.mark.parametrize("dtype", ["int32", "int8"])
def test_integers(dtype):
    """The quotient is rounded to an integer, as 1.9.1 does."""
    a, w = mx.nd.array([3, 2, 1, 1], dtype=dtype), mx.nd.array([1, 1, 2, 3], dtype=dtype)
    got = mx.nd._internal._npi_average(a, w)
    assert (got.item(), got.dtype) == (1, np.dtype(dtype))
