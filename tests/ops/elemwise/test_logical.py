import numpy as np
from harness import ALL, Case, operator_tests

X = np.array([[0.0, 2, 0], [3, 0, 1]])
Y = np.array([[0.0, 3, 2], [0, 0, 2]])
FUNCTIONS = {
    "logical_and": np.logical_and,
    "logical_or": np.logical_or,
    "logical_xor": np.logical_xor,
}

CASES = [Case("logical_not", [X], np.logical_not, dtypes=ALL, grad=False)]
for name, function in FUNCTIONS.items():
    CASES += [
        Case(f"_{name}", [X, Y], function, dtypes=ALL, grad=False),
        Case(f"broadcast_{name}", [X, Y[:, :1]], function, dtypes=ALL, grad=False),
        Case(
            f"_{name}_scalar",
            [X],
            lambda x, scalar, f=function: f(x, scalar),
            attrs={"scalar": 2},
            dtypes=ALL,
            grad=False,
        ),
        Case(
            f"_{name}_scalar",
            [X],
            lambda x, scalar, f=function: f(x, scalar),
            attrs={"scalar": 0},
            grad=False,
        ),
    ]
TestLogical = operator_tests(CASES)
