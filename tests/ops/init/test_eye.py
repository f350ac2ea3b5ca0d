import numpy as np
from harness import Case, Fault, operator_tests


def eye(N, M=0, k=0, dtype="float32"):
    return np.eye(N, M or N, k, dtype=dtype)


def np_eye(N, M=None, k=0, dtype="float32"):
    return np.eye(N, M, k, dtype=dtype)


def identity(shape, dtype="float32"):
    rows, columns = shape
    assert rows == columns
    return np.identity(rows, dtype=dtype)


CASES = [
    Case("_npi_eye", [], np_eye, attrs={"N": 3}),
    Case("_npi_eye", [], np_eye, attrs={"N": 2, "M": 4, "k": 1}),
    Case(
        "_npi_eye", [], np_eye, attrs={"N": 4, "M": 3, "k": -2, "dtype": "int8"}, out_dtype="int8"
    ),
    Case("_npi_eye", [], np_eye, attrs={"N": 2, "M": 0}, name="no-column"),
    Case("_npi_identity", [], identity, attrs={"shape": (3, 3)}),
    Case("_npi_identity", [], identity, attrs={"shape": (2, 2), "dtype": "bool"}, out_dtype="bool"),
    Case("_eye", [], eye, attrs={"N": 3}),
    Case("_eye", [], eye, attrs={"N": 2, "M": 4, "k": 1}),
    Case("_eye", [], eye, attrs={"N": 4, "M": 3, "k": -2, "dtype": "int8"}, out_dtype="int8"),
    Case("_eye", [], eye, attrs={"N": 3, "M": 5, "k": 9}),
    Case("_eye", [], eye, attrs={"N": 3, "M": 5, "k": -9}),
]
FAULTS = [
    Fault("_npi_eye", [], "_npi_eye: N=-1 is out of range", {"N": -1}),
    Fault("_npi_eye", [], "_npi_eye: M=-1 is out of range", {"N": 1, "M": -1}),
    Fault(
        "_npi_identity",
        [],
        r"shape=\(2, 3\) is not that of a square matrix",
        {"shape": (2, 3)},
        oracle="1.9.1 writes ones into the first column",
    ),
    Fault("_eye", [], "_eye: N=-1 is out of range", {"N": -1}),
    Fault("_eye", [], "_eye: N is missing"),
]
TestEye = operator_tests(CASES, FAULTS)
