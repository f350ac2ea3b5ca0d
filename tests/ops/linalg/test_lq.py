import numpy as np
from harness import Case, Fault, operator_tests
from harness.matrices import transposed

R = np.random.default_rng(76)
OP = "_linalg_gelqf"


def lq(a):
    parts = [np.linalg.qr(m) for m in transposed(a).reshape(-1, a.shape[-1], a.shape[-2])]
    q = np.stack([p[0].T for p in parts]).reshape(a.shape)
    lower = np.stack([p[1].T for p in parts]).reshape(*a.shape[:-1], a.shape[-2])
    return [q, lower]


MORE = {"dtypes": ("float32", "float64"), "rtol": 1e-4, "atol": 1e-5, "second": True}
CASES = [Case(OP, [R.normal(size=s)], lq, **MORE) for s in ((2, 4), (2, 3, 3), (2, 2, 1, 3))]
A = np.ones((2, 4, 3))
FAULTS = [
    Fault(OP, [A], "more rows than columns"),
    Fault(OP, [A[0, 0]], "has 1 axes; expected at least 2"),
    Fault(OP, [A[:, :2]], "float32 or float64", dtype="float16", kind=TypeError),
]
TestLq = operator_tests(CASES, FAULTS)
