import numpy as np
from harness import ALL, Case, Fault, operator_tests

X = np.random.default_rng(13).normal(size=(2, 3, 4))


def tril(x, k=0):
    return np.tril(x, k)


CASES = [
    *(Case("_npi_tril", [X], tril, attrs={"k": k}) for k in (1, -1, 3, -4)),
    Case("_npi_tril", [X], tril, dtypes=ALL, second=True),
    Case("_npi_tril", [X[0].T], tril),
    Case("_npi_tril", [X[0, 0]], tril, name="vector"),
    Case("_npi_tril", [np.zeros((0, 3))], tril),
    Case("_npi_tril", [np.array([[1, np.nan], [np.inf, 2]])], tril, grad=False, name="nan"),
]
FAULTS = [Fault("_npi_tril", [np.float64(1)], "data=.* has no axis")]
TestTril = operator_tests(CASES, FAULTS)
