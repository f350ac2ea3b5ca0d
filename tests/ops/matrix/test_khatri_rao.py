import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(4)
A, B, C = R.normal(size=(2, 3)), R.normal(size=(4, 3)), R.normal(size=(1, 3))


def khatri_rao(first, *others, **_):
    for other in others:
        first = (first[:, None] * other).reshape(-1, first.shape[1])
    return first


CASES = [
    Case("khatri_rao", [A], khatri_rao),
    Case("khatri_rao", [A, B], khatri_rao, dtypes=FLOATS, second=True),
    Case("khatri_rao", [A, B, C], khatri_rao),
    Case("khatri_rao", [np.arange(6).reshape(2, 3)] * 2, khatri_rao, out_dtype="int64"),
    Case("khatri_rao", [A[:0], B], khatri_rao),
]
FAULTS = [
    Fault("khatri_rao", [A, B[:, :2]], "khatri_rao: arg1="),
    Fault("khatri_rao", [A[0]], "has 1 axes; expected a matrix"),
]
TestKhatriRao = operator_tests(CASES, FAULTS)
