import numpy as np
from harness import ALL, FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(13)
X, Y = R.normal(size=(3, 4)), R.normal(size=(3, 4))
MASK = np.array([[1, 0, 1, 0], [0, 0, 2, 1], [1, 1, 1, 0]])
ROWS = np.array([1, 0, 3])


def by_row(condition, x, y):
    return np.where((condition != 0).reshape(-1, 1), x, y)


CASES = [
    Case("where", [MASK.astype("int32"), X, Y], np.where, dtypes=FLOATS, second=True),
    Case("where", [MASK.astype("float32"), X, Y], np.where, grad=(1, 2)),
    Case(
        "where",
        [MASK.astype("uint8"), np.floor(X * X), np.floor(Y * Y)],
        np.where,
        dtypes=ALL,
        grad=False,
    ),
    Case("where", [ROWS, X, Y], by_row, dtypes=FLOATS, second=True, name="where-rows"),
    Case("where", [ROWS, X[:, 0], Y[:, 0]], np.where, name="where-vectors"),
    Case("where", [np.arange(4000) % 3, np.ones(4000), np.zeros(4000)], np.where, grad=False),
]
FAULTS = [
    Fault("where", [np.ones(2, "int32"), X, Y], r"where: condition=\(2,\) has the wrong shape"),
    Fault("where", [MASK, X, Y[:2]], "where: .*wrong shape"),
]
TestWhere = operator_tests(CASES, FAULTS)
