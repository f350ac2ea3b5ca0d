import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(53)
X, B, E = R.normal(size=(3, 4)), R.normal(size=(2, 2)), R.normal(size=3)
WHOLE = np.array([[1, 4, 9, 16], [1, 8, 27, 64]])


def ediff1d(x, *parts, to_begin_arr_given=False, to_end_arr_given=False, **numbers):
    parts = list(parts)
    begin = parts.pop(0) if to_begin_arr_given else numbers.get("to_begin_scalar", [])
    end = parts.pop(0) if to_end_arr_given else numbers.get("to_end_scalar", [])
    differences = np.diff(np.ravel(x))
    return np.concatenate([np.ravel(begin), differences, np.ravel(end)]).astype(x.dtype)


def ediff(*inputs, **attrs):
    return Case("_npi_ediff1d", inputs, ediff1d, attrs, FLOATS, second=True)


CASES = [
    Case("_npi_diff", [X], lambda a, **p: np.diff(a, **p), attrs, FLOATS, second=True)
    for attrs in ({}, {"axis": 0}, {"n": 0})
] + [
    Case("_npi_diff", [X], lambda a, **p: np.diff(a, **p), {"n": 2}, second=True),
    Case("_npi_diff", [X], lambda a, **p: np.diff(a, **p), {"n": 3, "axis": 1}, second=True),
    Case("_npi_diff", [X], lambda a, n: np.zeros((3, 0)), {"n": 4}, grad=False),
    Case("_npi_diff", [X], lambda a, n: np.zeros((3, 0)), {"n": 9}, grad=False),
    Case("_npi_diff", [X[:0]], np.diff),
    Case("_npi_diff", [X[:, :0]], np.diff),
    ediff(X),
    ediff(X, to_begin_scalar=-1.0, to_end_scalar=7.5),
    ediff(X, B, E, to_begin_arr_given=True, to_end_arr_given=True),
    ediff(X, E, to_end_arr_given=True, to_begin_scalar=3.0),
    ediff(X, B, to_begin_arr_given=True),
    ediff(X, X[0, 0], to_begin_arr_given=True),
    Case("_npi_ediff1d", [X[0, 0]], lambda x: np.zeros(0), grad=False),
    Case("_npi_ediff1d", [X[:0]], lambda x: np.zeros(0), grad=False),
    Case("_npi_ediff1d", [X[:0]], ediff1d, {"to_begin_scalar": 1.0}),
    *(
        Case(op, [WHOLE.astype(d)], reference, out_dtype=d)
        for d in ("int32", "int64", "int8", "uint8")
        for op, reference in (("_npi_diff", np.diff), ("_npi_ediff1d", ediff1d))
    ),
]
FAULTS = [
    Fault("_npi_diff", [X], "n=-1", {"n": -1}),
    Fault("_npi_diff", [X], "axis=2", {"axis": 2}, IndexError),
    Fault("_npi_diff", [X > 0], "dtype bool", kind=TypeError),
    Fault("_npi_ediff1d", [X > 0], "dtype bool", kind=TypeError),
]
TestDiff = operator_tests(CASES, FAULTS)
