import numpy as np
from harness import ALL, Case, Fault, operator_tests

X = np.random.default_rng(13).normal(size=(2, 3, 4))
PLACES = [(1, 0, 1), (-2, 1, 2), (0, 2, 0), (0, -1, 1), (5, 0, 1), (-9, 0, 1)]


def diag(x, k=0):
    return np.diag(x, k)


def diagflat(x, k=0):
    return np.diagflat(x, k)


def diagonal(x, offset=0, axis1=0, axis2=1):
    return np.diagonal(x, offset, axis1, axis2)


def trace(x, offset=0, axis1=0, axis2=1):
    return np.trace(x, offset, axis1, axis2).astype(x.dtype)


CASES = [
    *(Case("_np_diag", [X[0]], diag, attrs={"k": k}) for k in (0, 1, -1, 4, 9, -7)),
    *(Case("_np_diag", [X[0, 0]], diag, attrs={"k": k}) for k in (0, 2, -1)),
    Case("_np_diag", [X[0]], diag, dtypes=ALL, second=True),
    Case("_np_diag", [np.zeros(0)], diag),
    *(Case("_np_diagflat", [X[0]], diagflat, attrs={"k": k}) for k in (1, -1)),
    Case("_np_diagflat", [X], diagflat, dtypes=ALL, second=True),
    *(
        Case(op, [X], reference, attrs={"offset": k, "axis1": a, "axis2": b})
        for op, reference in (("_np_diagonal", diagonal), ("_np_trace", trace))
        for k, a, b in PLACES
    ),
    Case("_np_diagonal", [X], diagonal, dtypes=ALL, second=True),
    Case("_np_trace", [np.round(X)], trace, dtypes=ALL, second=True),
    Case("_np_trace", [X[0]], trace, name="number"),
    Case("_np_trace", [np.zeros((0, 3))], trace),
]
FAULTS = [
    Fault("_np_diag", [X], "data=.* has 3 axes; expected a vector or a matrix"),
    Fault("_np_diag", [np.float64(1)], "data=.* has 0 axes"),
    Fault("_np_diagonal", [X[0, 0]], "data=.* has 1 axes; expected at least two"),
    Fault("_np_diagonal", [X], "axis1=1 and axis2=1 are the same", {"axis1": 1, "axis2": 1}),
    Fault("_np_trace", [X[0, 0]], "data=.* has 1 axes; expected at least two"),
    Fault("_np_trace", [X], "axis2=3 is out of range", {"axis2": 3}, IndexError),
]
TestNumpyDiag = operator_tests(CASES, FAULTS)
