import numpy as np
from harness import ALL, FLOATS, INTS, Case, operator_tests

R = np.random.default_rng(9)
X, Y = R.uniform(0.5, 2, size=(2, 3)), R.uniform(-2, 2, size=(2, 3))
A, B = np.array([0.0, 1, 2, 3]), np.array([0.0, 3, 4, 2])

CASES = []
for op in ("_power", "broadcast_power"):
    CASES += [
        Case(op, [X, Y], np.power, dtypes=FLOATS, second=True),
        Case(op, [A, B], np.power, dtypes=ALL, grad=False),
    ]
CASES += [
    Case("broadcast_power", [X[:1], Y[:, :1]], np.power, dtypes=FLOATS, second=True),
    Case(
        "_power_scalar",
        [X],
        lambda x, scalar: x**scalar,
        attrs={"scalar": 2.5},
        dtypes=FLOATS,
        second=True,
    ),
    Case("_power_scalar", [Y], lambda x, scalar: x**scalar, attrs={"scalar": 3}, second=True),
    Case(
        "_power_scalar",
        [A],
        lambda x, scalar: x**scalar,
        attrs={"scalar": 2},
        dtypes=ALL,
        grad=False,
    ),
    Case(
        "_rpower_scalar",
        [Y],
        lambda x, scalar: scalar**x,
        attrs={"scalar": 2.5},
        dtypes=FLOATS,
        second=True,
    ),
    Case(
        "_rpower_scalar", [A], lambda x, scalar: 2**x, attrs={"scalar": 2}, dtypes=INTS, grad=False
    ),
    Case("_hypot", [X, Y], np.hypot, dtypes=FLOATS, second=True),
    Case("broadcast_hypot", [X, Y[:, :1]], np.hypot, dtypes=FLOATS, second=True),
    Case(
        "_hypot_scalar",
        [Y],
        lambda x, scalar: np.hypot(x, scalar),
        attrs={"scalar": 1.5},
        dtypes=FLOATS,
        second=True,
    ),
]
TestPower = operator_tests(CASES)
