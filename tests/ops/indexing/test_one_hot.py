import numpy as np
from harness import Case, Fault, operator_tests

INDICES = np.array([[0, 5], [-1, 2.7]])


def one_hot(indices, depth, on_value=1, off_value=0, dtype="float32"):
    hit = indices.astype(int)[..., None] == np.arange(depth)
    return np.where(hit, on_value, off_value).astype(dtype)


def encode(indices, out):
    return one_hot(indices, out.shape[1])


CASES = [
    Case(
        "one_hot",
        [INDICES],
        one_hot,
        attrs={"depth": 3, "on_value": 5, "off_value": -1},
        grad=False,
    ),
    Case(
        "one_hot",
        [np.array([0, 1], "int32")],
        one_hot,
        attrs={"depth": 3, "dtype": "int8"},
        out_dtype="int8",
    ),
    Case("_onehot_encode", [np.array([1.0, 0.0]), np.zeros((2, 3))], encode, grad=False),
]
FAULTS = [
    Fault("one_hot", [INDICES], "depth=-1 is out of range", {"depth": -1}),
    Fault("one_hot", [INDICES], "depth is missing"),
]
TestOneHot = operator_tests(CASES, FAULTS)
