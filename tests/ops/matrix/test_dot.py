import numpy as np
from harness import Case, Fault, operator_tests

R = np.random.default_rng(4)
FLOAT = ("float32", "float64")
HALF = ("float16", "bfloat16")


def array(*shape):
    return R.normal(size=shape)


def dot(a, b, transpose_a=False, transpose_b=False):
    if transpose_a:
        a = np.moveaxis(a, 0, -1)
    if transpose_b:
        b = np.moveaxis(b, -1, 0)
    return np.atleast_1d(np.tensordot(a, b, 1))


def batch_dot(a, b, transpose_a=False, transpose_b=False):
    return np.matmul(
        np.swapaxes(a, -1, -2) if transpose_a else a, np.swapaxes(b, -1, -2) if transpose_b else b
    )


def case(op, a, b, ta=False, tb=False, **options):
    reference = dot if op == "dot" else batch_dot
    attrs = {"transpose_a": ta, "transpose_b": tb}
    options = {"dtypes": FLOAT, "rtol": 1e-4, "atol": 1e-5, "second": True, **options}
    return Case(op, [array(*a), array(*b)], reference, attrs=attrs, **options)


CASES = [
    case("dot", (3, 4), (4, 5)),
    case("dot", (4, 3), (4, 5), ta=True),
    case("dot", (3, 4), (5, 4), tb=True),
    case("dot", (4, 3), (5, 4), ta=True, tb=True),
    case("dot", (3,), (3,)),
    case("dot", (3,), (3, 4)),
    case("dot", (3,), (4, 3), tb=True),
    case("dot", (2, 3), (3,)),
    case("dot", (2, 3, 4), (4, 2, 2)),
    case("dot", (2, 3, 4), (2, 5), ta=True),
    case("dot", (2, 3, 4), (2, 2, 2), ta=True, tb=True),
    case("dot", (3, 4), (4, 5), dtypes=HALF, grad=False, second=False, oracle="1.9.1 lacks halves"),
    case("dot", (70, 90), (90, 130), grad=False, second=False, atol=1e-4),
    case("dot", (90, 70), (130, 90), ta=True, tb=True, grad=False, second=False, atol=1e-4),
    case("dot", (0, 3), (3, 2), grad=False, second=False),
    case("dot", (2, 0), (0, 2), grad=False, second=False),
    case("batch_dot", (2, 3, 4), (2, 4, 5)),
    case("batch_dot", (2, 4, 3), (2, 4, 5), ta=True),
    case("batch_dot", (2, 3, 4), (2, 5, 4), tb=True),
    case("batch_dot", (2, 4, 3), (2, 5, 4), ta=True, tb=True),
    case("batch_dot", (2, 2, 3, 4), (2, 2, 4, 5)),
    case("batch_dot", (3, 40, 50), (3, 60, 50), tb=True, grad=False, second=False, atol=1e-4),
]
FAULTS = [
    Fault("dot", [array(2, 3), array(4, 5)], r"dot: rhs=\(4, 5\) does not fit lhs=\(2, 3\)"),
    Fault(
        "dot",
        [np.ones((2, 2), "int32"), np.ones((2, 2), "int32")],
        "dot: lhs has dtype int32",
        kind=TypeError,
    ),
    Fault("batch_dot", [array(2, 4), array(2, 4)], "batch_dot: lhs=.* has 2 axes"),
    Fault("batch_dot", [array(2, 3, 4), array(3, 4, 5)], r"batch_dot: .*=\(2, 3, 4\)"),
]
TestDot = operator_tests(CASES, FAULTS)
