import numpy as np
from harness import ALL, Case, operator_tests

X = np.arange(6.0).reshape(2, 3)

CASES = [
    Case("zeros_like", [X], np.zeros_like, dtypes=ALL),
    Case("ones_like", [X], np.ones_like, dtypes=ALL),
    Case("ones_like", [np.full(3, np.nan)], np.ones_like, grad=False),
]
TestFillLike = operator_tests(CASES)
