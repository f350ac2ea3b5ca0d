import numpy as np
import pytest
from harness import Case, Fault, operator_tests

import mxnet as mx

R = np.random.default_rng(50)
GRADIENT = "1.9.1 has no gradient: it gives zeros"
# Order of the values and signs of the vectors are those of LAPACK, in float64 as NumPy's.
OPTIONS = {"dtypes": "float64", "rtol": 1e-3, "atol": 1e-4, "oracle": GRADIENT}


def with_real_values(*shape):
    """Triangles: the eigenvalues are those on the diagonal."""
    return np.triu(R.normal(size=shape)) * 0.3 + np.diag(np.arange(1.0, shape[-1] + 1))


def turned(*shape):
    turns = R.normal(size=shape) * 0.2 + np.eye(shape[-1])
    return turns @ with_real_values(*shape) @ np.linalg.inv(turns)


CASES = [
    Case(op, [data], reference, second=True, **OPTIONS)
    for op, reference in (
        ("_linalg_geev", lambda a: list(np.linalg.eig(a))),
        ("_npi_eig", lambda a: list(np.linalg.eig(a))),
        ("_npi_eigvals", np.linalg.eigvals),
    )
    for data in (turned(3, 3), turned(2, 4, 4))
]
CASES += [
    Case("_npi_eigvals", [np.array([[2, 1], [0, 3]])], np.linalg.eigvals, out_dtype="float64"),
    Case("_npi_eigvals", [np.zeros((0, 2, 2))], np.linalg.eigvals, grad=False),
]
TURN = np.array([[0.0, 1], [-1, 0]])
FAULTS = [
    Fault("_npi_eig", [TURN], "matrix 0 has complex eigenvalues"),
    Fault("_npi_eigvals", [TURN[:1]], "holds no square matrices"),
    Fault("_npi_eig", [TURN], "dtype float16", dtype="float16", kind=TypeError),
]
TestGeneralEigen = operator_tests(CASES, FAULTS)


@pytest.mark.parametrize("n", [1, 3, 8])
@pytest.mark.parametrize("dtype, tolerance", [("float32", 1e-3), ("float64", 1e-9)])
def test_vectors_and_values(n, dtype, tolerance):
    a = turned(3, n, n).astype(dtype)
    w, v = (x.asnumpy() for x in mx.nd._internal._npi_eig(mx.nd.array(a, dtype=dtype)))
    np.testing.assert_allclose(a @ v, v * w[:, None, :], atol=tolerance)
    np.testing.assert_allclose((v * v).sum(1), np.ones((3, n)), rtol=1e-5)
