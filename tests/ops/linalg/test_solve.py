import numpy as np
from harness import Case, Fault, operator_tests
from harness.matrices import well_conditioned

R = np.random.default_rng(46)
OPTIONS = {"dtypes": ("float32", "float64"), "rtol": 1e-3, "atol": 1e-4, "second": True}


def solve(a, b):
    if b.ndim == a.ndim - 1:
        return np.linalg.solve(a, b[..., None])[..., 0]
    return np.linalg.solve(a, b)


def case(op, a, b, **options):
    inputs = [well_conditioned(R, *a), R.normal(size=b)]
    return Case(op, inputs, solve, **{**OPTIONS, **options})


A, B = well_conditioned(R, 3, 3), R.normal(size=(3, 2))
WHOLE = np.array([[2, 1], [1, 3]])
OWN = "1.9.1 has no such operator"
CASES = [
    case("_npi_solve", (3, 3), (3, 2)),
    case("_npi_solve", (3, 3), (3,)),
    case("_npi_solve", (2, 3, 3), (2, 3, 2)),
    case("_npi_solve", (2, 3, 3), (2, 3)),
    case("_npi_solve", (0, 3, 3), (0, 3, 2)),
    case("_linalg_solve", (2, 3, 3), (2, 3, 2), oracle=OWN),
    case("_linalg_solve", (70, 70), (70, 30), oracle=OWN, grad=False, second=False),
    Case("_npi_solve", [WHOLE, np.array([1, 2])], solve, out_dtype="float64"),
    Case("_npi_solve", [A, WHOLE[:1, :1] * np.ones((3, 1), int)], solve, out_dtype="float64"),
]
FAULTS = [
    Fault("_npi_solve", [A, B[:2]], r"B=\(2, 2\) has the wrong shape; expected \(3, 2\)"),
    Fault("_npi_solve", [A[:2], B], "holds no square matrices"),
    Fault("_npi_solve", [A * 0, B], "matrix 0 is singular"),
    Fault("_npi_solve", [A, B], "dtype float16", dtype="float16", kind=TypeError),
    Fault("_npi_solve", [A[None, None], B], "fits no A="),
]
TestSolve = operator_tests(CASES, FAULTS)
