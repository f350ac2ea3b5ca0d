import numpy as np
from harness import Case, Fault, operator_tests
from harness.matrices import transposed, triangle, well_conditioned

R = np.random.default_rng(72)
OP = "_linalg_trsm"


def solve(a, b, transpose=False, rightside=False, lower=True, alpha=1):
    a = triangle(a, lower)
    a = transposed(a) if transpose else a
    if rightside:
        return alpha * transposed(np.linalg.solve(transposed(a), transposed(b)))
    return alpha * np.linalg.solve(a, b)


def case(a, b, **attrs):
    inputs = [well_conditioned(R, *a), R.normal(size=b)]
    more = {"dtypes": ("float32", "float64"), "second": True, "rtol": 1e-4, "atol": 1e-5}
    return Case(OP, inputs, solve, attrs, **more)


CASES = [
    case((3, 3), (3, 2)),
    case((2, 3, 3), (2, 3, 4), transpose=True, alpha=2.0),
    case((2, 3, 3), (2, 3, 1), lower=False),
    case((2, 2, 3, 3), (2, 2, 3, 2), lower=False, transpose=True),
    case((3, 3), (2, 3), rightside=True, alpha=-0.5),
    case((2, 3, 3), (2, 4, 3), rightside=True, transpose=True, alpha=2.0),
    case((2, 3, 3), (2, 4, 3), rightside=True, lower=False),
    case((1, 2, 2), (1, 5, 2), rightside=True, lower=False, transpose=True),
    case((0, 3, 3), (0, 3, 2)),
    # Right sides that fill some vectors, and one more.
    case((2, 3, 3), (2, 3, 64), alpha=2.0),
    case((2, 3, 3), (2, 3, 65), lower=False, transpose=True),
    case((2, 5, 5), (2, 33, 5), rightside=True, lower=False),
    case((5, 5), (130, 5), rightside=True, transpose=True, alpha=-1.5),
    case((16, 16), (16, 17), lower=False),
    case((17, 17), (17, 18), transpose=True),
]
A, B = np.ones((2, 3, 3)), np.ones((2, 3, 4))
FAULTS = [
    Fault(OP, [A, B[:, :2]], "expected"),
    Fault(OP, [A, B], "expected", {"rightside": True}),
    Fault(OP, [B, B], "holds no square matrices"),
    Fault(OP, [A[0], B], "has not as many axes as A"),
    Fault(OP, [A, B], "float32 or float64", dtype="float16", kind=TypeError),
]
TestTriangularSolve = operator_tests(CASES, FAULTS)
