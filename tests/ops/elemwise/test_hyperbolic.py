import numpy as np
from harness import FLOATS, Case, operator_tests

X = np.random.default_rng(4).uniform(-0.9, 0.9, size=(3, 3))

CASES = [
    Case("sinh", [X], np.sinh, dtypes=FLOATS, second=True),
    Case("cosh", [X], np.cosh, dtypes=FLOATS, second=True),
    Case("arcsinh", [X], np.arcsinh, dtypes=FLOATS, second=True),
    Case("arccosh", [np.abs(X) + 1.2], np.arccosh, dtypes=FLOATS, second=True),
    Case("arctanh", [X], np.arctanh, dtypes=FLOATS, second=True),
]
TestHyperbolic = operator_tests(CASES)
