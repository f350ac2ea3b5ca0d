import numpy as np
from harness import FLOATS, Case, operator_tests

R = np.random.default_rng(26)
X, Y = R.normal(size=(3, 4)), R.normal(size=5000)

CASES = [
    Case(
        "multi_sum_sq",
        [X, Y],
        lambda *a, num_arrays: np.array([(x * x).sum() for x in a]),
        attrs={"num_arrays": 2},
        dtypes=FLOATS,
        out_dtype="float32",
        grad=False,
        oracle="1.9.1 adds in the dtype of the arrays",
    ),
]
TestMultiSumSq = operator_tests(CASES)
