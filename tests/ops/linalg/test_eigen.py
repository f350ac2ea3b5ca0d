import numpy as np
import pytest
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


def numpy_eigen(upper, wants_vectors):
    def call(a, UPLO="L"):
        assert (UPLO == "U") == upper
        triangle = np.triu(a) if upper else np.tril(a)
        whole = triangle + transposed(triangle) - triangle * np.eye(a.shape[-1])
        rows, values = eigen(whole)
        return [values, transposed(rows)] if wants_vectors else values

    return call


NO_GRADIENT = "1.9.1 has no gradient: it gives zeros"
WHOLE = np.array([[4, 2, 1], [2, 5, 3], [1, 3, 6]])
GAPS = np.diag([1.0, 2, 3]) + 0.1 * R.normal(size=(2, 3, 3))
CASES += [
    Case(
        op,
        [GAPS],
        numpy_eigen(upper, wants_vectors),
        {"UPLO": "U"} if upper else {},
        grad=False,
        **MORE,
    )
    for op, wants_vectors in (("_npi_eigh", True), ("_npi_eigvalsh", False))
    for upper in (False, True)
] + [
    Case("_npi_eigvalsh", [WHOLE], numpy_eigen(False, False), out_dtype="float64"),
    Case(
        "_npi_eigvalsh",
        [positive_definite(R, 2, 3, 3)],
        numpy_eigen(False, False),
        grad_reference=lambda a, d: eigen_gradient(a, 0 * a, d),
        oracle=NO_GRADIENT,
        **MORE,
    ),
    Case(
        "_npi_eigh",
        [positive_definite(R, 3, 3)],
        numpy_eigen(False, True),
        grad_reference=lambda a, d_values, d_vectors: eigen_gradient(
            a, transposed(d_vectors), d_values
        ),
        oracle=NO_GRADIENT,
        **MORE,
    ),
]
A = np.ones((2, 3, 3))
FAULTS = [
    Fault(OP, [A[:, :2]], "holds no square matrices"),
    Fault(OP, [A], "float32 or float64", dtype="float16", kind=TypeError),
    Fault("_npi_eigh", [A[:, :2]], "holds no square matrices"),
    Fault("_npi_eigh", [A], "dtype float16", dtype="float16", kind=TypeError),
    Fault("_npi_eigvalsh", [A], "UPLO=X is no triangle", {"UPLO": "X"}, oracle="1.9.1 takes L"),
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


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 16, 17])
@pytest.mark.parametrize("dtype, tolerance", [("float32", 3e-5), ("float64", 1e-13)])
def test_vectors_and_values_of_a_batch(n, dtype, tolerance):
    """Zeros, equal eigenvalues, diagonals, low rank, large and small numbers in one batch."""
    a = np.random.RandomState(n).normal(size=(37, n, n))
    a += transposed(a)
    a[0], a[1], a[2], a[3] = 0, np.eye(n), np.diag(a[2, 0]), 1
    a[4] *= 1e15
    a[5] *= 1e-15
    a = a.astype(dtype).astype("float64")
    rows, values = (
        x.asnumpy().astype("float64") for x in mx.nd.linalg.syevd(mx.nd.array(a, dtype=dtype))
    )
    scale = np.maximum(np.abs(a).max((1, 2)), 1e-300)
    expected = np.linalg.eigvalsh(a)
    assert (np.abs(values - expected).max(1) <= tolerance * scale).all()
    assert (np.diff(values) >= 0).all()
    np.testing.assert_allclose(
        rows @ transposed(rows), np.broadcast_to(np.eye(n), a.shape), atol=tolerance
    )
    again = transposed(rows) @ (values[..., None] * rows)
    assert (np.abs(again - a).max((1, 2)) <= tolerance * scale).all()
