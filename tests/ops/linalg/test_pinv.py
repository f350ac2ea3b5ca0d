import numpy as np
from harness import Case, Fault, operator_tests
from harness.matrices import well_conditioned

R = np.random.default_rng(49)
OPTIONS = {"dtypes": ("float32", "float64"), "rtol": 1e-3, "atol": 1e-4}
GRADIENT = "1.9.1 has no gradient: it gives zeros"
WIDE = np.concatenate([well_conditioned(R, 2, 3, 3), R.normal(size=(2, 3, 1))], -1)
LOW_RANK = R.normal(size=(3, 2)) @ R.normal(size=(2, 4))


def pinv(a, rcond=1e-15, hermitian=False):
    return np.linalg.pinv(a, rcond)


NUMBER, ARRAY = "_npi_pinv_scalar_rcond", "_npi_pinv"
CASES = [
    Case(NUMBER, [WIDE], pinv, second=True, oracle=GRADIENT, **OPTIONS),
    Case(NUMBER, [np.swapaxes(WIDE, -1, -2)], pinv, oracle=GRADIENT, **OPTIONS),
    Case(NUMBER, [well_conditioned(R, 3, 3)], pinv, oracle=GRADIENT, **OPTIONS),
    Case(NUMBER, [LOW_RANK], pinv, {"rcond": 1e-4}, grad=False, **OPTIONS),
    Case(NUMBER, [WIDE[0]], pinv, {"rcond": 0.9, "hermitian": True}, grad=False, **OPTIONS),
    Case(ARRAY, [WIDE, np.array([1e-4, 0.9])], pinv, grad=False, **OPTIONS),
    Case(ARRAY, [WIDE[0], np.array([1e-4])[0]], pinv, grad=False, **OPTIONS),
    Case(ARRAY, [WIDE, np.array([1e-4, 1e-4])], pinv, grad=[0], oracle=GRADIENT, **OPTIONS),
]
FAULTS = [
    Fault(ARRAY, [WIDE, np.ones(3)], "cannot be broadcast"),
    Fault(NUMBER, [WIDE], "float32 or float64", dtype="float16", kind=TypeError),
]
TestPinv = operator_tests(CASES, FAULTS)
