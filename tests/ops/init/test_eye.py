import numpy as np
from harness import Case, Fault, operator_tests


def eye(N, M=0, k=0, dtype="float32"):
    return np.eye(N, M or N, k, dtype=dtype)


CASES = [
    Case("_eye", [], eye, attrs={"N": 3}),
    Case("_eye", [], eye, attrs={"N": 2, "M": 4, "k": 1}),
    Case("_eye", [], eye, attrs={"N": 4, "M": 3, "k": -2, "dtype": "int8"}, out_dtype="int8"),
    Case("_eye", [], eye, attrs={"N": 3, "M": 5, "k": 9}),
    Case("_eye", [], eye, attrs={"N": 3, "M": 5, "k": -9}),
]
FAULTS = [
    Fault("_eye", [], "_eye: N=-1 is out of range", {"N": -1}),
    Fault("_eye", [], "_eye: N is missing"),
]
TestEye = operator_tests(CASES, FAULTS)
