import numpy as np
from harness import Case, Fault, operator_tests
from harness.matrices import positive_definite, transposed, triangle

R = np.random.default_rng(75)
MORE = {"dtypes": ("float32", "float64"), "rtol": 1e-4, "atol": 1e-5}


def inverse_of_factor(a):
    lower = triangle(a)
    return np.linalg.inv(lower @ transposed(lower))


def factor_gradient(a, d_factor):
    """As for a symmetric matrix, whose two triangles change together."""
    factor = np.linalg.cholesky(a)
    inner = np.tril(transposed(factor) @ np.tril(d_factor))
    inner = inner + transposed(np.tril(inner, -1))
    inverse = np.linalg.inv(factor)
    return 0.5 * transposed(inverse) @ inner @ inverse


CASES = [
    Case(
        op,
        [positive_definite(R, *shape)],
        np.linalg.cholesky,
        grad_reference=factor_gradient,
        **MORE,
    )
    for op in ("_linalg_potrf", "_npi_cholesky")
    for shape in ((3, 3), (2, 4, 4), (2, 2, 1, 1))
]
CASES += [
    Case(
        "_linalg_potri",
        [np.linalg.cholesky(positive_definite(R, *shape))],
        inverse_of_factor,
        second=True,
        **MORE,
    )
    for shape in ((3, 3), (2, 4, 4))
]
# The upper triangle is not looked at.
CASES += [Case("_linalg_potri", [positive_definite(R, 3, 3)], inverse_of_factor, **MORE)]
A = positive_definite(R, 2, 3, 3)
FAULTS = [
    Fault("_linalg_potrf", [np.stack([A[0], -A[1]])], "matrix 1 is not positive definite"),
    Fault("_linalg_potrf", [A[:, :2]], "holds no square matrices"),
    Fault("_linalg_potrf", [A], "float32 or float64", dtype="float16", kind=TypeError),
    Fault("_npi_cholesky", [-A], "matrix 0 is not positive definite"),
    Fault("_linalg_potri", [np.zeros((2, 2))], "matrix 0 has a zero on its diagonal"),
    Fault("_linalg_potri", [A[:, :2]], "holds no square matrices"),
]
TestCholesky = operator_tests(CASES, FAULTS)
