import numpy as np
from harness import ALL, Case, Fault, operator_tests

X = np.random.default_rng(13).normal(size=(2, 3, 4))


def diag(x, k=0, axis1=0, axis2=1):
    return np.diag(x, k) if x.ndim == 1 else np.diagonal(x, k, axis1, axis2)


CASES = [
    Case("diag", [X], diag, dtypes=ALL, second=True),
    *(
        Case("diag", [X], diag, attrs={"k": k, "axis1": a, "axis2": b})
        for k, a, b in ((1, 0, 1), (-2, 1, 2), (0, 2, 0), (0, -1, 1), (1, 2, 0), (2, 1, 2))
    ),
    *(Case("diag", [X[0, 0]], diag, attrs={"k": k}, second=k == 1) for k in (0, 1, -2)),
]
FAULTS = [
    Fault("diag", [X], "k=9 lies outside", {"k": 9}),
    Fault("diag", [X], "axis1=1 and axis2=1 are the same axis", {"axis1": 1, "axis2": 1}),
    Fault("diag", [X], "axis1=3", {"axis1": 3}, IndexError),
]
TestDiag = operator_tests(CASES, FAULTS)
