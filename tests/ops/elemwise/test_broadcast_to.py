import numpy as np
from harness import ALL, FLOATS, Case, Fault, operator_tests

ROW = np.arange(4.0).reshape(1, 4)
DEEP = np.arange(6.0).reshape(2, 1, 3, 1)


def broadcast_to(x, shape):
    return np.broadcast_to(x, [s or d for s, d in zip(shape, x.shape)])


CASES = [
    Case("broadcast_to", [ROW], broadcast_to, attrs={"shape": (3, 4)}, dtypes=ALL, grad=False),
    Case("broadcast_to", [ROW], broadcast_to, attrs={"shape": (3, 0)}, dtypes=FLOATS, second=True),
    Case("broadcast_to", [DEEP], broadcast_to, attrs={"shape": (2, 5, 3, 4)}, second=True),
    Case("broadcast_to", [np.ones((1, 1))], broadcast_to, attrs={"shape": (300, 70)}, grad=False),
    Case(
        "broadcast_axis",
        [ROW],
        lambda x, axis, size: np.repeat(x, size, axis),
        dtypes=ALL,
        attrs={"axis": 0, "size": 3},
        grad=False,
    ),
    Case(
        "broadcast_axis",
        [DEEP],
        lambda x, axis, size: np.broadcast_to(x, (2, 5, 3, 4)),
        attrs={"axis": (1, -1), "size": (5, 4)},
        second=True,
        oracle="1.9.1 takes no negative axes here",
    ),
    Case(
        "broadcast_axes",
        [DEEP],
        lambda x, axis, size: np.broadcast_to(x, (2, 5, 3, 4)),
        attrs={"axis": (3, 1), "size": (4, 5)},
    ),
    Case(
        "broadcast_like",
        [ROW, np.zeros((3, 4))],
        lambda x, y: np.broadcast_to(x, y.shape),
        dtypes=FLOATS,
        grad=(0,),
        second=True,
    ),
    Case(
        "broadcast_like",
        [ROW, np.zeros((3, 7))],
        lambda x, y, lhs_axes, rhs_axes: np.broadcast_to(x, (7, 4)),
        grad=(0,),
        attrs={"lhs_axes": (0,), "rhs_axes": (-1,)},
    ),
]
FAULTS = [
    Fault(
        "broadcast_to", [ROW], "broadcast_to: data=.* cannot be broadcast", attrs={"shape": (3, 5)}
    ),
    Fault("broadcast_to", [ROW[0]], "expected equal rank", attrs={"shape": (3, 4)}),
    Fault(
        "broadcast_axis", [ROW], "has size 4 on axis 1; expected 1", attrs={"axis": 1, "size": 3}
    ),
    Fault(
        "broadcast_axis",
        [ROW],
        "expected one for each",
        attrs={"axis": (0, 1), "size": 3},
        oracle="1.9.1 reads past the sizes",
    ),
]
TestBroadcastTo = operator_tests(CASES, FAULTS)
