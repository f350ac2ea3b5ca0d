import numpy as np
from harness import Case, Fault, operator_tests

R = np.random.default_rng(74)


def extract(a, offset=0):
    return np.diagonal(a, offset, -2, -1)


def make(a, offset=0):
    n = a.shape[-1] + abs(offset)
    out = np.zeros((*a.shape[:-1], n, n))
    for index in np.ndindex(*a.shape[:-1]):
        out[index] = np.diag(a[index], offset)
    return out


def sum_log(a):
    return np.atleast_1d(np.log(extract(a)).sum(-1))


MORE = {"dtypes": ("float32", "float64"), "second": True}
CASES = [
    *(
        Case("_linalg_extractdiag", [R.normal(size=(2, 4, 4))], extract, {"offset": k}, **MORE)
        for k in (0, 1, -3)
    ),
    Case("_linalg_extractdiag", [R.normal(size=(3, 3))], extract, **MORE),
    *(
        Case("_linalg_makediag", [R.normal(size=(2, 3))], make, {"offset": k}, **MORE)
        for k in (0, 1, -2)
    ),
    Case("_linalg_makediag", [R.normal(size=4)], make, **MORE),
    Case("_linalg_sumlogdiag", [R.uniform(0.5, 2, size=(3, 3))], sum_log, **MORE),
    Case("_linalg_sumlogdiag", [R.uniform(0.5, 2, size=(2, 2, 3, 3))], sum_log, **MORE),
]
A = np.ones((2, 3, 3))
FAULTS = [
    Fault("_linalg_extractdiag", [A], "offset=3 lies outside", {"offset": 3}),
    Fault("_linalg_extractdiag", [A[:, :2]], "holds no square matrices"),
    Fault("_linalg_sumlogdiag", [A[:, :2]], "holds no square matrices"),
    Fault("_linalg_makediag", [np.ones(3, "int32")], "float32 or float64", kind=TypeError),
]
TestDiagonal = operator_tests(CASES, FAULTS)
