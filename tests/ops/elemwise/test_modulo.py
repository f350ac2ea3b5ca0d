import numpy as np
from harness import ALL, FLOATS, Case, operator_tests

X = np.array([5.3, -5.3, 5.3, -5.3, 0.1, 7.5])
Y = np.array([3.0, 3.0, -3.0, -3.0, 2.0, 0.7])
A, B = np.array([5.0, 7, 0, 9]), np.array([3.0, 7, 2, 4])
SIGNED = np.array([5, -5, 5, -5], "int32"), np.array([3, 3, -3, -3], "int32")

CASES = []
for op in ("_mod", "broadcast_mod"):
    CASES += [
        Case(op, [X, Y], np.mod, dtypes=FLOATS, atol=1e-5),
        Case(op, [A, B], np.mod, dtypes=ALL, grad=False),
        Case(op, list(SIGNED), np.mod, out_dtype="int32"),
        Case(op, [X, np.zeros(6)], lambda a, b: np.zeros(6), grad=False, name=f"{op}-by-zero"),
    ]
CASES += [
    Case("broadcast_mod", [X[:, None], Y[None, :2]], np.mod, atol=1e-5),
    Case(
        "_mod_scalar",
        [X],
        lambda x, scalar: np.mod(x, scalar),
        attrs={"scalar": -2.3},
        dtypes=("float32", "float64"),
        atol=1e-5,
    ),
    Case(
        "_mod_scalar",
        [A],
        lambda x, scalar: np.mod(x, x.dtype.type(scalar)),
        attrs={"scalar": 4},
        dtypes=ALL,
        grad=False,
    ),
    Case(
        "_rmod_scalar",
        [Y],
        lambda x, scalar: np.mod(scalar, x),
        attrs={"scalar": 5.5},
        dtypes=("float32", "float64"),
        atol=1e-5,
    ),
    Case(
        "_rmod_scalar",
        [B],
        lambda x, scalar: np.mod(x.dtype.type(scalar), x),
        attrs={"scalar": 10},
        dtypes=ALL,
        grad=False,
    ),
]
TestModulo = operator_tests(CASES)
