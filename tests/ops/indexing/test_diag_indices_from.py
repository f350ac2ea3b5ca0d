import numpy as np
from harness import Case, Fault, operator_tests


def diag_indices(data):
    return np.array(np.diag_indices_from(data))


CASES = [
    Case("_npi_diag_indices_from", [np.ones(shape)], diag_indices, out_dtype="int64", grad=False)
    for shape in ((3, 3), (3, 3, 3), (0, 0))
]
FAULTS = [
    Fault("_npi_diag_indices_from", [np.ones((3, 2))], "data=.* has axes of different sizes"),
    Fault("_npi_diag_indices_from", [np.ones(3)], "data=.* has 1 axes; expected at least two"),
]
TestDiagIndicesFrom = operator_tests(CASES, FAULTS)
