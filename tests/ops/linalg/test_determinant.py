import numpy as np
from harness import Case, Fault, operator_tests
from harness.matrices import well_conditioned

import mxnet as mx

R = np.random.default_rng(79)
MORE = {"dtypes": ("float32", "float64"), "rtol": 1e-4, "atol": 1e-5}
SHAPES = ((3, 3), (2, 4, 4), (2, 2, 2, 2), (3, 1, 1), (2, 17, 17))


def det(a):
    return np.atleast_1d(np.linalg.det(a))


def slogdet(a):
    with np.errstate(divide="ignore"):
        return [np.atleast_1d(part) for part in np.linalg.slogdet(a)]


CASES = []
for shape in SHAPES:
    matrices = well_conditioned(R, *shape) * R.choice([-1, 1], size=(*shape[:-1], 1))
    CASES += [
        Case("_linalg_det", [matrices], det, second=True, **MORE),
        Case("_linalg_slogdet", [matrices], slogdet, second=True, **MORE),
    ]
SINGULAR = [np.stack([np.eye(2), np.zeros((2, 2))])]
CASES += [
    Case("_linalg_det", SINGULAR, det, grad=False, **MORE),
    Case("_linalg_slogdet", SINGULAR, slogdet, grad=False, **MORE),
]
A = np.ones((2, 3, 3))
FAULTS = [
    Fault("_linalg_det", [A[:, :2]], "holds no square matrices"),
    Fault("_linalg_slogdet", [A[0, 0]], "has 1 axes; expected at least 2"),
    Fault("_linalg_det", [A], "float32 or float64", dtype="float16", kind=TypeError),
]
TestDeterminant = operator_tests(CASES, FAULTS)


def test_singular_matrices_have_zero_gradients():
    """As in 1.9.1."""
    a = mx.nd.ones((2, 2))
    a.attach_grad()
    for function in (mx.nd.linalg.det, lambda x: mx.nd.linalg.slogdet(x)[1]):
        with mx.autograd.record():
            out = function(a)
        out.backward()
        assert a.grad.asnumpy().tolist() == [[0, 0], [0, 0]]


def test_one_matrix_gives_one_number_where_that_has_a_shape():
    a = mx.nd.array([[1.0, 2], [3, 4]])
    a.attach_grad()
    for shape, scope in (((1,), False), ((), True), ((1,), False)):
        with mx.util.np_shape(scope):
            for function in (mx.nd.linalg.det, lambda x: mx.nd.linalg.slogdet(x)[1]):
                with mx.autograd.record():
                    out = function(a)
                out.backward()
                assert out.shape == shape
            gradient = np.linalg.inv(a.asnumpy()).T  # of the logarithm
            np.testing.assert_allclose(a.grad.asnumpy(), gradient, rtol=1e-5)
