import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(7)
X, WIDE = R.normal(size=(3, 4, 5)), R.normal(size=(2, 3, 1100))


def cumsum(a, axis=None, dtype=None):
    return np.cumsum(a, axis, dtype or a.dtype)


NEGATIVE = "1.9.1 fails for negative axes"
CASES = [
    Case("cumsum", [X], cumsum, {"axis": 1}, FLOATS, second=True),
    Case("cumsum", [X], cumsum, dtypes=FLOATS),
    Case("cumsum", [X], cumsum, {"axis": 0}),
    Case("cumsum", [X], cumsum, {"axis": -1}, oracle=NEGATIVE),
    Case("cumsum", [WIDE], cumsum, {"axis": 1}, grad=False),
    Case("cumsum", [np.arange(12).reshape(3, 4)], cumsum, {"axis": 1}, out_dtype="int64"),
    Case("cumsum", [np.array([100, 100, 3], "int8")], cumsum, out_dtype="int8"),
    Case(
        "cumsum", [np.array([100, 100, 3], "int8")], cumsum, {"dtype": "int32"}, out_dtype="int32"
    ),
    Case("cumsum", [X[:0]], cumsum, {"axis": 1}),
]
FAULTS = [
    Fault("cumsum", [X], "axis=3", {"axis": 3}, IndexError),
    Fault("cumsum", [X > 0], "bool", kind=TypeError, oracle="1.9.1 sums them"),
]
TestCumsum = operator_tests(CASES, FAULTS)
