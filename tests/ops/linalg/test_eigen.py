import numpy as np
from harness import Case, Fault, operator_tests
from harness.matrices import positive_definite, transposed

import mxnet as mx

R = np.random.default_rng(77)
OP = "_linalg_syevd"


def eigen(a):
    values, vectors = np.linalg.eigh(a)
    rows = transposed(vectors)
    largest = np.take_along_axis(rows, np.abs(rows).argmax(-1)[..., None], -1)
    return [rows * np.sign(largest), values]


def eigen_gradient(a, d_vectors, d_values):
    """As for a symmetric matrix, whose two triangles change together."""
    rows, values = eigen(a)
    gaps = values[..., :, None] - values[..., None, :] + np.eye(a.shape[-1])
    turns = (d_vectors @ transposed(rows)) / gaps * (1 - np.eye(a.shape[-1]))
    inner = (turns + transposed(turns)) / 2 + d_values[..., None] * np.eye(a.shape[-1])
    return transposed(rows) @ inner @ rows


MORE = {"dtypes": ("float32", "float64"), "rtol": 1e-3, "atol": 1e-4}
CASES = [
    Case(OP, [positive_definite(R, *shape)], eigen, grad_reference=eigen_gradient, **MORE)
    for shape in ((3, 3), (2, 4, 4), (2, 2, 1, 1))
]
A = np.ones((2, 3, 3))
FAULTS = [
    Fault(OP, [A[:, :2]], "holds no square matrices"),
    Fault(OP, [A], "float32 or float64", dtype="float16", kind=TypeError),
]
TestEigen = operator_tests(CASES, FAULTS)


def test_equal_eigenvalues_have_finite_gradients():
    """1.9.1 divides by a number near zero."""
    a = mx.nd.array(np.eye(3), dtype="float64")
    a.attach_grad()
    with mx.autograd.record():
        vectors, values = mx.nd.linalg.syevd(a)
        total = (vectors * vectors).sum() + (values * values).sum()
    total.backward()
    np.testing.assert_allclose(a.grad.asnumpy(), 2 * np.eye(3))
