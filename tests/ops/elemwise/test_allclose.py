import numpy as np
from harness import Case, Fault, operator_tests

A = np.array([[1.0, -2.0, 3.0], [4.0, 5.0, -0.0]])
NAN = np.where(A > 4, np.nan, A)
INF = np.where(A > 4, np.inf, A)
MANY = np.zeros(10000)


def close(a, b, rtol=1e-5, atol=1e-8, equal_nan=True):
    return np.array(np.allclose(a, b, rtol, atol, equal_nan))


def case(a, b, dtypes="float32", oracle=True, **attrs):
    return Case(
        "_contrib_allclose", [a, b], close, attrs, dtypes, "uint8", grad=False, oracle=oracle
    )


CASES = [
    case(A, A, ("float32", "float64", "float16", "bfloat16")),
    case(A, A * (1 + 1e-3)),
    case(A, A * (1 + 1e-3), rtol=1e-2),
    case(A, A + 0.01, atol=0.1),
    case(NAN, NAN),
    case(NAN, NAN, equal_nan=False),
    case(NAN, A),
    case(INF, INF),
    case(INF, -INF),
    case(A, INF, oracle="1.9.1 takes every number for close to infinity"),
    case(INF, A),
    case(MANY, np.where(np.arange(10000) == 9999, 1.0, 0.0)),
    case(MANY, MANY),
    case(np.array([1, 2]), np.array([1, 2]), "int32"),
    case(np.array([1, 2]), np.array([1, 3]), "int64"),
]
FAULTS = [Fault("_contrib_allclose", [A, A[0]], "_contrib_allclose: ")]
TestAllclose = operator_tests(CASES, FAULTS)
