import numpy as np
from harness import ALL, FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(12)
ARRAYS = [R.normal(size=(3, 4)) for _ in range(4)]
LONG = [R.normal(size=3001) for _ in range(3)]


def total(*arrays):
    return sum(arrays[1:], arrays[0])


CASES = [
    Case("add_n", ARRAYS[:1], total, dtypes=FLOATS),
    Case("add_n", ARRAYS, total, dtypes=FLOATS, second=True),
    Case("ElementWiseSum", LONG, total, dtypes=FLOATS, grad=False, atol=1e-5),
    Case("add_n", [np.arange(4.0)] * 3, total, dtypes=ALL, grad=False),
]
FAULTS = [
    Fault("add_n", [], "add_n: num_args"),
    Fault("add_n", [np.ones(3), np.ones(4)], r"add_n: arg1=\(4,\) has the wrong shape"),
]
TestAddN = operator_tests(CASES, FAULTS)
