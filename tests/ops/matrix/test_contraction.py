"""Products of mx.np over axes of any rank."""

import numpy as np
from harness import Case, Fault, operator_tests

R = np.random.default_rng(44)
FLOAT = ("float32", "float64")
HALF = ("float16", "bfloat16")
DOT, MATMUL, PAIRS, INT_AXES = "_np_dot", "_npi_matmul", "_npi_tensordot", "_npi_tensordot_int_axes"
WRONG_GRADIENT = "1.9.1 mixes the gradients of an array that is repeated"


def array(*shape):
    return R.normal(size=shape)


def tensordot(a, b, a_axes_summed, b_axes_summed):
    return np.tensordot(a, b, (a_axes_summed, b_axes_summed))


def case(op, a, b, **options):
    reference = {DOT: np.dot, MATMUL: np.matmul, PAIRS: tensordot, INT_AXES: np.tensordot}[op]
    options = {"dtypes": FLOAT, "rtol": 1e-4, "atol": 1e-5, "second": True, **options}
    return Case(op, [array(*a), array(*b)], reference, **options)


CASES = [
    case(DOT, (3, 4), (4, 5)),
    case(DOT, (3,), (3,)),
    case(DOT, (2, 3), (3,)),
    case(DOT, (3,), (3, 2)),
    case(DOT, (2, 3, 4), (4,)),
    case(DOT, (2, 3, 4), (5, 4, 2)),
    case(DOT, (1, 3), (3, 1)),
    case(DOT, (0, 3), (3, 2)),
    case(DOT, (2, 0), (0, 2)),
    case(DOT, (70, 90), (90, 130), second=False, grad=False, atol=1e-4),
    case(MATMUL, (3, 4), (4, 5)),
    case(MATMUL, (3,), (3,)),
    case(MATMUL, (2, 3), (3,)),
    case(MATMUL, (3,), (3, 2)),
    case(MATMUL, (2, 3, 4), (2, 4, 5)),
    case(MATMUL, (2, 3, 4), (4, 5)),
    case(MATMUL, (3, 4), (2, 4, 5)),
    case(MATMUL, (2, 3, 4), (4,)),
    case(MATMUL, (4,), (2, 4, 3)),
    case(MATMUL, (2, 1, 3, 4), (5, 4, 2), oracle=WRONG_GRADIENT),
    case(MATMUL, (2, 1, 3, 4), (1, 5, 4, 2), oracle=WRONG_GRADIENT),
    case(MATMUL, (0, 3, 4), (4, 2)),
    case(MATMUL, (2, 3, 0), (2, 0, 4)),
    *(
        case(op, (3, 4), (4, 5), dtypes=HALF, grad=False, second=False, oracle="1.9.1 lacks halves")
        for op in (DOT, MATMUL)
    ),
    *(
        case(INT_AXES, a, b, attrs={"axes": axes})
        for axes, a, b in [
            (0, (2, 3), (4,)),
            (1, (2, 3), (3, 4)),
            (2, (2, 3, 4), (3, 4, 2)),
            (2, (3, 4), (3, 4)),
            (1, (2, 0), (0, 3)),
        ]
    ),
    *(
        case(PAIRS, a, b, attrs={"a_axes_summed": a_axes, "b_axes_summed": b_axes})
        for a_axes, b_axes, a, b in [
            ((1, 2), (1, 0), (2, 3, 4), (4, 3, 5)),
            ((0,), (1,), (3, 2), (4, 3)),
            ((-1, 0), (0, -1), (2, 3, 4), (4, 5, 2)),
            ((), (), (2, 3), (4,)),
        ]
    ),
]
A, B = array(2, 3), array(4, 5)
INTS = np.ones((3, 3), "int32")
FAULTS = [
    Fault(DOT, [A, B], r"_np_dot: b=\(4, 5\) does not fit a=\(2, 3\); expected 3 on axis 0"),
    Fault(MATMUL, [A, B], r"_npi_matmul: b=\(4, 5\) does not fit a=\(2, 3\); expected 3 on axis 0"),
    Fault(MATMUL, [array(2, 3, 4), array(3, 4, 5)], "cannot be broadcast"),
    Fault(INT_AXES, [A, B], r"does not fit a=\(2, 3\)", {"axes": 1}),
    Fault(INT_AXES, [A, B], "axes=3 is more than", {"axes": 3}, oracle="1.9.1 damages its memory"),
    Fault(INT_AXES, [A, B], "axes=-1", {"axes": -1}, oracle="1.9.1 damages its memory"),
    Fault(PAIRS, [A, B], "another length", {"a_axes_summed": (0, 1), "b_axes_summed": (0,)}),
    Fault(
        PAIRS,
        [A, B],
        "names axis 0 twice",
        {"a_axes_summed": (0, 0), "b_axes_summed": (0, 1)},
        oracle="1.9.1 damages its memory",
    ),
    Fault(
        PAIRS, [A, B], "b_axes_summed=2", {"a_axes_summed": (0,), "b_axes_summed": (2,)}, IndexError
    ),
    *(Fault(op, [INTS, INTS], "expected a floating dtype", kind=TypeError) for op in (DOT, MATMUL)),
]
TestContraction = operator_tests(CASES, FAULTS)
