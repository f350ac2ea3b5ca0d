import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(52)
OP = "_npi_polyval"
P, X = R.normal(size=4), R.normal(size=(2, 3))
CASES = [
    Case(OP, [P, X], np.polyval, dtypes=FLOATS, second=True),
    Case(OP, [P[:1], X], np.polyval, second=True),
    Case(OP, [P, X[0, 0]], np.polyval),
    Case(OP, [P, X[:0]], np.polyval),
    Case(OP, [P[:0], X], np.polyval, grad=False),
    *(
        Case(OP, [np.array([3, 0, 1], d), np.array([[5, 2], [0, 1]], d)], np.polyval, out_dtype=d)
        for d in ("int32", "int64", "int8", "uint8")
    ),
]
FAULTS = [
    Fault(OP, [X, P], r"p=\(2, 3\) has not one axis"),
    Fault(OP, [P, X > 0], "dtype bool", kind=TypeError),
]
TestPolyval = operator_tests(CASES, FAULTS)
