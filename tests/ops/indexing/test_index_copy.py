import numpy as np
from harness import ALL, Case, Fault, operator_tests

R = np.random.default_rng(5)
OLD, NEW = R.normal(size=(5, 3)), R.normal(size=(3, 3))
ROWS, TWICE = np.array([0, 4, 2], "int32"), np.array([0, 4, 4], "int64")


def index_copy(old, rows, new):
    out = old.copy()
    for row, value in zip(rows.astype(int), new):
        out[row] = value
    return out


def gradient(old, rows, new, d):
    rows = rows.astype(int)
    kept = d.copy()
    kept[rows] = 0
    return [kept, None, d[rows]]


def case(old, rows, new, dtypes="float32"):
    return Case(
        "_contrib_index_copy",
        [old, rows, new],
        index_copy,
        dtypes=dtypes,
        grad=(0, 2),
        grad_reference=gradient,
    )


CASES = [
    case(OLD, ROWS, NEW, ALL[:4]),
    case(OLD, TWICE, NEW),
    case(OLD, ROWS.astype(float), NEW),
    case(OLD[:, 0], ROWS, NEW[:, 0]),
    case(OLD.reshape(5, 3, 1), ROWS[:1], NEW[:1].reshape(1, 3, 1)),
    case(OLD, ROWS[:0], NEW[:0]),
]
UNCHECKED = "1.9.1 writes outside of the array"
FAULTS = [
    Fault(
        "_contrib_index_copy",
        [OLD, ROWS + 1, NEW],
        r"index_vector\[1\]=5 is no row; expected 0 to 4",
        kind=IndexError,
        oracle=UNCHECKED,
    ),
    Fault("_contrib_index_copy", [OLD, ROWS, NEW[:2]], "_contrib_index_copy: "),
    Fault("_contrib_index_copy", [OLD, ROWS.reshape(3, 1), NEW], "has 2 axes; expected 1"),
]
TestIndexCopy = operator_tests(CASES, FAULTS)
