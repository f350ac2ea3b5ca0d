import numpy as np
from harness import Case, Fault, operator_tests
from harness.matrices import transposed, triangle

R = np.random.default_rng(71)
FLOATS = ("float32", "float64")


def turned(x, transpose):
    return transposed(x) if transpose else x


def gemm2(a, b, transpose_a=False, transpose_b=False, alpha=1, axis=-2):
    a, b = (np.moveaxis(x, axis, -2) for x in (a, b))
    return np.moveaxis(alpha * turned(a, transpose_a) @ turned(b, transpose_b), -2, axis)


def gemm(a, b, c, beta=1, **attrs):
    return gemm2(a, b, **attrs) + beta * c


def syrk(a, transpose=False, alpha=1):
    return alpha * (transposed(a) @ a if transpose else a @ transposed(a))


def trmm(a, b, transpose=False, rightside=False, lower=True, alpha=1):
    a = turned(triangle(a, lower), transpose)
    return alpha * (b @ a if rightside else a @ b)


def case(reference, *shapes, **attrs):
    more = {"dtypes": FLOATS, "second": True, "rtol": 1e-4, "atol": 1e-5}
    inputs = [R.normal(size=s) for s in shapes]
    return Case("_linalg_" + reference.__name__, inputs, reference, attrs, **more)


CASES = [
    case(gemm2, (3, 4), (4, 2)),
    case(gemm2, (2, 4, 3), (2, 4, 2), transpose_a=True, alpha=-0.5),
    case(gemm2, (2, 2, 3, 4), (2, 2, 2, 4), transpose_b=True),
    case(gemm2, (4, 2, 3), (2, 2, 4), transpose_a=True, transpose_b=True, axis=0),
    case(gemm2, (3, 2, 2, 4), (4, 2, 2, 3), axis=-4, alpha=2.0),
    case(gemm, (3, 4), (4, 2), (3, 2), alpha=2.0, beta=0.5),
    case(gemm, (2, 4, 3), (2, 2, 4), (2, 3, 2), transpose_a=True, transpose_b=True, beta=-3.0),
    case(gemm, (3, 2, 4), (4, 2, 2), (3, 2, 2), axis=0),
    case(syrk, (3, 4)),
    case(syrk, (2, 3, 4), transpose=True, alpha=0.5),
    case(trmm, (3, 3), (3, 2)),
    case(trmm, (2, 3, 3), (2, 3, 4), transpose=True, alpha=2.0),
    case(trmm, (2, 3, 3), (2, 4, 3), rightside=True, lower=False),
    case(trmm, (4, 4), (2, 4), rightside=True, transpose=True, alpha=-1.0),
    # More rows than a block has, and whole blocks.
    *(
        Case("_linalg_syrk", [R.normal(size=shape)], syrk, attrs, FLOATS, grad=False, rtol=1e-4)
        for shape, attrs in (
            ((261, 3), {}),
            ((2, 3, 512), {"transpose": True, "alpha": -0.5}),
        )
    ),
]
A, B = np.ones((2, 3, 4)), np.ones((2, 4, 5))
FAULTS = [
    Fault("_linalg_gemm2", [A, A], "B=.*expected|A=.*expected"),
    Fault("_linalg_gemm2", [A, B[0]], "has not as many axes as A"),
    Fault("_linalg_gemm2", [A[0, 0], A[0, 0]], "has 1 axes; expected at least 2"),
    Fault("_linalg_gemm2", [A, B], "axis=-1 is the last one", {"axis": -1}),
    Fault("_linalg_gemm2", [A, B], "axis=-4", {"axis": -4}, kind=IndexError),
    Fault("_linalg_gemm2", [A, B], "float32 or float64", dtype="float16", kind=TypeError),
    Fault("_linalg_gemm", [A, B, B], "C=.*expected"),
    Fault("_linalg_trmm", [A, B], "holds no square matrices"),
    Fault("_linalg_trmm", [A[:, :, :3], B], "expected"),
    Fault("_linalg_syrk", [A.astype("int32")], "float32 or float64", kind=TypeError),
]
TestProducts = operator_tests(CASES, FAULTS)
