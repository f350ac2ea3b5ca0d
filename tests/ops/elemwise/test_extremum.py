import numpy as np
from harness import ALL, FLOATS, Case, operator_tests

R = np.random.default_rng(8)
X, Y = R.normal(size=(3, 4)), R.normal(size=(3, 4))
A, B = np.array([1.0, 5, 3]), np.array([2.0, 5, 1])
SPECIAL = np.array([1, np.nan, np.inf, -np.inf]), np.array([np.nan, 1, 2, np.nan])

CASES = []
for name, function in {"maximum": np.maximum, "minimum": np.minimum}.items():
    above = np.greater_equal if name == "maximum" else np.less_equal
    CASES += [
        Case(f"_{name}", [X, Y], function, dtypes=FLOATS, second=True),
        Case(
            f"_{name}",
            [A, B],
            function,
            dtypes=ALL,
            grad=(0, 1),
            grad_reference=lambda a, b, d, f=above: [d * f(a, b), d * ~f(a, b)],
            name=f"{name}-ties",
        ),
        Case(f"_{name}", list(SPECIAL), function, grad=False),
        Case(f"broadcast_{name}", [X, Y[:1]], function, dtypes=FLOATS, second=True),
        Case(
            f"_{name}_scalar",
            [X],
            lambda x, scalar, f=function: f(x, scalar),
            attrs={"scalar": 0.25},
            dtypes=FLOATS,
            second=True,
        ),
        Case(
            f"_{name}_scalar",
            [A],
            lambda x, scalar, f=function: f(x, x.dtype.type(scalar)),
            attrs={"scalar": 3},
            dtypes=ALL,
            grad=False,
        ),
    ]
TestExtremum = operator_tests(CASES)
