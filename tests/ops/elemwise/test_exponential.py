import numpy as np
from harness import ALL, FLOATS, Case, Fault, operator_tests

X = np.random.default_rng(1).normal(size=(3, 4))

CASES = [
    Case("exp", [X], np.exp, dtypes=FLOATS, second=True),
    Case("exp", [np.zeros((0, 3))], np.exp, dtypes=FLOATS, grad=False, name="empty"),
    Case(
        "exp",
        [np.arange(4).astype("int32")],
        lambda x: np.exp(x).astype("int32"),
        grad=False,
        out_dtype="int32",
    ),
    Case("log", [np.abs(X) + 0.1], np.log, dtypes=FLOATS, second=True),
]
FAULTS = [Fault("exp", [np.ones(3, "bool")], "exp: data has dtype bool", kind=TypeError)]
TestExponential = operator_tests(CASES, FAULTS)
