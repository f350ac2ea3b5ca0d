import numpy as np
from harness import ALL, Case, Fault, operator_tests

R = np.random.default_rng(14)
X, Y = R.normal(size=(3, 4)), R.normal(size=(3, 4))
MASK = np.array([[1, 0, 1, 0], [0, 0, 2, 1], [1, 1, 1, 0]])
WHOLE = [np.floor(X * X), np.floor(Y * Y)]
BROADCAST = [
    [MASK[0] > 0, X, Y],
    [MASK[:, :1], X[0], Y],
    [MASK.astype("float32"), X[:, :1], Y[0]],
    [np.bool_(True), X[0], np.float64(2)],
]


def left(condition, x, scalar=0):
    return np.where(condition, np.full_like(x, scalar), x)


def right(condition, y, scalar=0):
    return np.where(condition, y, np.full_like(y, scalar))


def both(condition, x=0, y=0):
    return np.where(condition, x, y).astype("float32")


CASES = [
    *(Case("_npi_where", inputs, np.where, grad=(1, 2)) for inputs in BROADCAST),
    Case("_npi_where", [MASK > 0, X, Y[0]], np.where, second=True, grad=(1, 2)),
    Case("_npi_where", [MASK > 0, *WHOLE], np.where, dtypes=ALL, grad=False),
    Case(
        "_npi_where",
        [np.zeros((0, 1), "bool"), np.zeros((1, 3)), np.zeros(3)],
        np.where,
        oracle="1.9.1 stops its process",
    ),
    *(
        Case(op, [inputs[0], inputs[1]], reference, attrs={"scalar": 2.5}, grad=(1,))
        for op, reference in (("_npi_where_lscalar", left), ("_npi_where_rscalar", right))
        for inputs in BROADCAST
    ),
    *(
        Case(op, [MASK > 0, WHOLE[0]], reference, attrs={"scalar": 2}, dtypes=ALL, grad=False)
        for op, reference in (("_npi_where_lscalar", left), ("_npi_where_rscalar", right))
    ),
    Case("_npi_where_lscalar", [MASK, X], left, second=True),
    Case("_npi_where_rscalar", [MASK, X], right, second=True),
    *(
        Case(
            "_npi_where_scalar2",
            [c],
            both,
            attrs={"x": 2.5, "y": -1},
            out_dtype="float32",
            grad=False,
        )
        for c in (MASK > 0, MASK, X, np.float64(0))
    ),
]
FAULTS = [
    Fault("_npi_where", [MASK, X, Y[:2]], "_npi_where: "),
    Fault("_npi_where_lscalar", [MASK, X[:2]], "_npi_where_lscalar: "),
]
TestNumpyWhere = operator_tests(CASES, FAULTS)
