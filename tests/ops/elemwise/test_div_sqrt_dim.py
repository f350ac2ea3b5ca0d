import numpy as np
from harness import FLOATS, Case, operator_tests

X = np.random.default_rng(3).normal(size=(2, 3, 5))
CASES = [
    Case(
        "_contrib_div_sqrt_dim",
        [X],
        lambda x: x / np.sqrt(x.shape[-1]),
        dtypes=FLOATS,
        second=True,
    ),
    Case("_contrib_div_sqrt_dim", [X[0, 0]], lambda x: x / np.sqrt(5)),
]
TestDivSqrtDim = operator_tests(CASES)
