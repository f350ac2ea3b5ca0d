import numpy as np
from harness import ALL, FLOATS, Case, operator_tests

R = np.random.default_rng(21)
X = R.uniform(0.5, 1.5, size=(2, 3, 4))
WHOLE = np.array([[1.0, 2, 3], [2, 1, 4]])
HOLES = np.where(R.uniform(size=(3, 4)) < 0.3, np.nan, R.uniform(0.5, 2, size=(3, 4)))


def reference(function):
    def call(x, axis=None, keepdims=False):
        return np.atleast_1d(function(x, axis=axis, keepdims=keepdims))

    return call


CASES = []
for op, function in {"prod": np.prod, "nanprod": np.nanprod}.items():
    CASES += [
        Case(op, [X], reference(function), dtypes=FLOATS),
        Case(op, [X], reference(function), attrs={"axis": 1}, dtypes=FLOATS, second=True),
        Case(op, [X], reference(function), attrs={"axis": (0, 2), "keepdims": True}),
        Case(op, [WHOLE], reference(function), attrs={"axis": 0}, dtypes=ALL, grad=False),
    ]
CASES.append(
    Case(
        "nanprod",
        [HOLES],
        reference(np.nanprod),
        attrs={"axis": 1},
        dtypes=FLOATS,
        grad_reference=lambda x, d, axis: np.where(
            np.isnan(x), 0, (d * np.nanprod(x, axis=1))[:, None] / x
        ),
    )
)
TestProd = operator_tests(CASES)
