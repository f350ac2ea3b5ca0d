import numpy as np
from harness import Case, Fault, operator_tests

import mxnet as mx

R = np.random.default_rng(47)
SQUARE = R.normal(size=(6, 6)) * 0.3 + 2 * np.eye(6)
OPTIONS = {"dtypes": ("float32", "float64"), "rtol": 1e-3, "atol": 1e-4, "second": True}
X = R.normal(size=(2, 3))


def inverse(a, ind=2):
    return np.linalg.tensorinv(a, ind)


def solve(a, b, a_axes=()):
    return np.linalg.tensorsolve(a, b, [axis % a.ndim for axis in a_axes])


CASES = [
    Case("_npi_tensorinv", [SQUARE.reshape(2, 3, 6)], inverse, **OPTIONS),
    Case("_npi_tensorinv", [SQUARE.reshape(6, 3, 2)], inverse, {"ind": 1}, **OPTIONS),
    Case("_npi_tensorsolve", [SQUARE.reshape(2, 3, 6), X], solve, **OPTIONS),
    Case("_npi_tensorsolve", [SQUARE.reshape(2, 3, 3, 2), X], solve, **OPTIONS),
    Case(
        "_npi_tensorsolve",
        [np.moveaxis(SQUARE.reshape(2, 3, 3, 2), 2, 0), X],
        solve,
        {"a_axes": (0, 3)},
        **OPTIONS,
    ),
    Case(
        "_npi_tensorsolve",
        [np.moveaxis(SQUARE.reshape(2, 3, 6), -1, 1), X],
        solve,
        {"a_axes": (-2,)},
        **OPTIONS,
    ),
    Case(
        "_npi_tensorsolve",
        [np.array([[2, 1], [1, 3]]), np.array([1, 2])],
        solve,
        out_dtype="float64",
    ),
    Case("_npi_tensorinv", [np.array([[2, 1], [1, 3]])], inverse, {"ind": 1}, out_dtype="float64"),
]
FAULTS = [
    Fault("_npi_tensorinv", [SQUARE.reshape(2, 3, 6)], "is no square matrix", {"ind": 1}),
    Fault("_npi_tensorinv", [SQUARE], "ind=0", {"ind": 0}),
    Fault("_npi_tensorsolve", [SQUARE.reshape(2, 3, 6), X[:1]], "does not fit a="),
]
TestTensorEquations = operator_tests(CASES, FAULTS)


LARGE = R.normal(size=(400, 20, 20)) + 20 * np.eye(400).reshape(400, 20, 20)


def test_large_inverse():
    got = mx.nd._internal._npi_tensorinv(mx.nd.array(LARGE, dtype="float64"), ind=1)
    np.testing.assert_allclose(got.asnumpy(), inverse(LARGE, 1), atol=1e-9)


def test_large_equation():
    b = R.normal(size=400)
    a, b = (mx.nd.array(x, dtype="float64") for x in (LARGE, b))
    x = mx.nd._internal._npi_tensorsolve(a, b)
    assert x.shape == (20, 20)
    np.testing.assert_allclose(x.asnumpy(), solve(LARGE, b.asnumpy()), atol=1e-9)
