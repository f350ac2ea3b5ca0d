import numpy as np
from harness import ALL, FLOATS, Case, operator_tests

X = np.random.default_rng(2).normal(size=(2, 5)) + 0.05
POSITIVE = np.abs(X) + 0.1

CASES = [
    Case("square", [X], np.square, dtypes=FLOATS, second=True),
    Case("square", [np.array([1.0, 2, 3, 11])], np.square, dtypes=ALL, grad=False),
    Case("sqrt", [POSITIVE], np.sqrt, dtypes=FLOATS, second=True),
    Case("sqrt", [np.array([1, 4, 8], "int32")], lambda x: np.array([1, 2, 2]), out_dtype="int32"),
    Case("rsqrt", [POSITIVE], lambda x: 1 / np.sqrt(x), dtypes=FLOATS, second=True),
    Case("cbrt", [X], np.cbrt, dtypes=FLOATS, second=True),
    Case("rcbrt", [X], lambda x: 1 / np.cbrt(x), dtypes=FLOATS, second=True),
    Case("reciprocal", [X], lambda x: 1 / x, dtypes=FLOATS, second=True),
]
TestRoots = operator_tests(CASES)
