import numpy as np
from harness import ALL, FLOATS, Case, Fault, operator_tests

import mxnet as mx

ROW = np.arange(4.0).reshape(1, 4)
DEEP = np.arange(6.0).reshape(2, 1, 3, 1)


def broadcast_to(x, shape):
    return np.broadcast_to(x, [s or d for s, d in zip(shape, x.shape)])


VECTOR = np.arange(3.0) + 1
CASES = [
    *(
        Case(
            "_npi_broadcast_to", [x], lambda x, shape: np.broadcast_to(x, shape), attrs={"shape": s}
        )
        for x, s in [
            (VECTOR, (2, 3)),
            (VECTOR, (2, 2, 3)),
            (VECTOR.reshape(3, 1), (2, 3, 2)),
            (np.float64(3), (2, 3)),
            (VECTOR.reshape(1, 3), (0, 3)),
            (np.zeros((0, 1)), (2, 0, 3)),
        ]
    ),
    Case(
        "_npi_broadcast_to",
        [VECTOR],
        lambda x, shape: np.broadcast_to(x, shape),
        attrs={"shape": (4, 3)},
        dtypes=ALL,
        second=True,
    ),
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
    Fault("_npi_broadcast_to", [np.ones(3)], "array=.* cannot be broadcast", {"shape": (2, 0)}),
    Fault("_npi_broadcast_to", [np.ones((2, 3))], "expected at most 1 axes", {"shape": (3,)}),
    Fault("_npi_broadcast_to", [np.ones(3)], "has a negative number", {"shape": (-1, 3)}),
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


def test_large():
    x = np.random.default_rng(1).normal(size=(300, 1, 400)).astype("float32")
    result = mx.nd._internal._npi_broadcast_to(mx.nd.array(x), shape=(2, 300, 3, 400))
    np.testing.assert_array_equal(result.asnumpy(), np.broadcast_to(x, (2, 300, 3, 400)))
