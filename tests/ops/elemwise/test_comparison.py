import numpy as np
from harness import ALL, FLOATS, Case, operator_tests

X = np.array([[1.0, 2, 3], [3, 2, 1]])
Y = np.array([[1.0, 3, 2], [3, 1, 2]])
SPECIAL = np.array([np.nan, np.inf, -0.0, 1.0])

FUNCTIONS = {
    "equal": np.equal,
    "not_equal": np.not_equal,
    "lesser": np.less,
    "lesser_equal": np.less_equal,
    "greater": np.greater,
    "greater_equal": np.greater_equal,
}

CASES = []
for name, function in FUNCTIONS.items():
    CASES += [
        Case(f"_{name}", [X, Y], function, dtypes=ALL, grad=False),
        Case(f"_{name}", [X, Y], function, dtypes=FLOATS, grad=(0, 1)),
        Case(f"_{name}", [SPECIAL, SPECIAL[::-1]], function, grad=False),
        Case(f"broadcast_{name}", [X, Y[:, :1]], function, dtypes=ALL, grad=False),
        Case(f"broadcast_{name}", [X[:1], Y[:, :1]], function, grad=(0, 1)),
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
            attrs={"scalar": 2.5},
        ),
        Case(
            f"_{name}_scalar",
            [X.astype("int32")],
            lambda x, scalar, is_int, f=function: f(x, scalar),
            attrs={"scalar": 1.5, "is_int": False},
            out_dtype="float64",
        ),
    ]
# Differences across a jump say nothing about the gradient, which is zero.
for case in CASES:
    case.grad_reference = lambda *a, **k: [np.zeros(X.shape), np.zeros(X.shape)]
CASES = [c for c in CASES if not (c.grad and c.op.startswith("broadcast"))]
TestComparison = operator_tests(CASES)
