import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(25)
X = R.normal(size=(3, 4, 2)) + 3


def moments(x, axes, keepdims=False):
    options = {"axis": axes, "keepdims": keepdims}
    return [np.atleast_1d(x.mean(**options)), np.atleast_1d(x.var(**options))]


CASES = [
    Case("moments", [X], moments, attrs={"axes": (0,)}, dtypes=FLOATS, second=True, atol=1e-5),
    Case("moments", [X], moments, attrs={"axes": (0, 2), "keepdims": True}),
    Case("moments", [X], moments, attrs={"axes": (0, 1, 2)}),
]
FAULTS = [Fault("moments", [X], "moments: axes=None names no axis")]
TestMoments = operator_tests(CASES, FAULTS)
