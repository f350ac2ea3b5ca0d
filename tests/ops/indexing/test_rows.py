import numpy as np
from harness import Case, Fault, operator_tests

R = np.random.default_rng(39)
OURS = "an internal operator of Remx"


def take_rows(data, index, shape):
    rows = data.reshape(-1, int(np.prod(shape)) // index.size)
    return np.where(index.reshape(-1, 1) < 0, 0, rows[index.reshape(-1)]).reshape(shape)


def add_rows(data, index, shape):
    result = np.zeros(shape).reshape(-1, data.size // index.size)
    for at, row in zip(index.reshape(-1), data.reshape(index.size, -1)):
        if at >= 0:
            result[at] += row
    return result.reshape(shape)


def case(reference, data, index, shape):
    inputs = [R.normal(size=data), np.array(index, "int64")]
    return Case(
        f"_{reference.__name__}",
        inputs,
        reference,
        {"shape": shape},
        ("float32", "float64", "float16", "bfloat16"),
        second=True,
        oracle=OURS,
    )


CASES = [
    case(take_rows, (2, 3, 4), [[5, -1, 0], [2, 2, -1]], (2, 3, 4)),
    case(take_rows, (2, 3), [5, -1, 2, 2], (4,)),
    case(add_rows, (2, 3, 4), [[5, -1, 0], [2, 2, -1]], (6, 4)),
    case(add_rows, (4,), [5, -1, 2, 2], (2, 3)),
]
X = np.ones((2, 3))
FAULTS = [
    Fault(
        "_take_rows",
        [X, np.array([2])],
        "index=2 is out of",
        {"shape": (3,)},
        IndexError,
        oracle=OURS,
    ),
    Fault(
        "_add_rows",
        [X, np.array([0, 9])],
        "index=9 is out of",
        {"shape": (2, 3)},
        IndexError,
        oracle=OURS,
    ),
]
TestRows = operator_tests(CASES, FAULTS)
