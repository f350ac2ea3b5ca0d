import numpy as np
from harness import Case, Fault, operator_tests
from harness.matrices import well_conditioned

R = np.random.default_rng(78)
MORE = {"dtypes": ("float32", "float64"), "rtol": 1e-4, "atol": 1e-5, "second": True}


def inverse_or_zero(a):
    return np.stack([np.linalg.inv(m) if m.any() else m for m in a])


OWN = "an operator of ours"
CASES = [
    Case("_linalg_inverse", [well_conditioned(R, *shape)], np.linalg.inv, **MORE)
    for shape in ((3, 3), (2, 4, 4), (2, 2, 1, 1), (2, 17, 17))
]
CASES += [
    Case("_linalg_inverse_or_zero", [well_conditioned(R, 2, 3, 3)], inverse_or_zero, **MORE),
    Case(
        "_linalg_inverse_or_zero",
        [np.stack([np.eye(2), np.zeros((2, 2))])],
        inverse_or_zero,
        grad=False,
    ),
]
for case in CASES[-2:]:
    case.oracle = OWN
A = np.ones((2, 3, 3))
SINGULAR_AT_20 = well_conditioned(R, 40, 3, 3)
SINGULAR_AT_20[20] = 0
FAULTS = [
    Fault("_linalg_inverse", [A], "matrix 0 has no inverse"),
    Fault("_linalg_inverse", [SINGULAR_AT_20], "matrix 20 has no inverse"),
    Fault("_linalg_inverse", [np.ones((2, 17, 17))], "matrix 0 has no inverse"),
    Fault("_linalg_inverse", [A[:, :2]], "holds no square matrices"),
    Fault("_linalg_inverse", [A], "float32 or float64", dtype="float16", kind=TypeError),
]
TestInverse = operator_tests(CASES, FAULTS)
