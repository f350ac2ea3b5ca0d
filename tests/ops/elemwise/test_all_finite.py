import numpy as np
from harness import FLOATS, Case, operator_tests

X = np.random.default_rng(14).normal(size=(5, 7))
BAD = X.copy()
BAD[4, 6] = np.nan
ENDLESS = np.append(np.ones(4096), -np.inf)


def finite(*arrays, **attrs):
    return np.array([all(np.isfinite(a).all() for a in arrays)])


CASES = [
    Case("all_finite", [x], finite, dtypes=FLOATS, out_dtype="float32", grad=False)
    for x in (X, BAD, ENDLESS)
] + [
    Case(
        "multi_all_finite", [X, y], finite, attrs={"num_arrays": 2}, out_dtype="float32", grad=False
    )
    for y in (X, BAD)
]
TestAllFinite = operator_tests(CASES)
