import numpy as np
from harness import FLOATS, Case, operator_tests

CASES = [
    Case(
        "shape_array",
        [np.zeros((2, 3, 4))],
        lambda x: np.array(x.shape),
        dtypes=FLOATS,
        out_dtype="int64",
        grad=False,
    ),
    Case(
        "size_array",
        [np.zeros((2, 3, 4))],
        lambda x: np.array([x.size]),
        dtypes=FLOATS,
        out_dtype="int64",
        grad=False,
    ),
]
TestShapeArray = operator_tests(CASES)
