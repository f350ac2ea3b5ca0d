import numpy as np
from harness import ALL, FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(22)
X = R.normal(size=(3, 4, 5))
TIES = np.array([[1.0, 3, 3], [2, 2, 1]])
SPECIAL = np.array([[1, np.nan, 2], [np.inf, 1, -np.inf], [-5, -np.inf, -7]])


def reference(function):
    def call(x, axis=None, keepdims=False):
        return np.atleast_1d(function(x, axis=axis, keepdims=keepdims))

    return call


CASES = []
for op, function in {"max": np.max, "min": np.min}.items():
    CASES += [
        Case(op, [X], reference(function), dtypes=FLOATS, second=True),
        Case(op, [X], reference(function), attrs={"axis": 0}, dtypes=FLOATS),
        Case(op, [X], reference(function), attrs={"axis": (0, 2), "keepdims": True}, second=True),
        Case(
            op,
            [TIES],
            reference(function),
            attrs={"axis": 1},
            dtypes=ALL,
            grad_reference=lambda x, d, axis, f=function: (
                d[:, None] * (x == f(x, axis=1, keepdims=True))
            ),
        ),
        Case(op, [np.array([-3, -2], "int8")], reference(function), out_dtype="int8"),
        Case(op, [SPECIAL], reference(function), attrs={"axis": 1}, grad=False),
        Case(op, [SPECIAL], reference(function), attrs={"axis": 0}, grad=False),
        Case(op, [R.normal(size=(70, 90))], reference(function), grad=False),
    ]
    # Rows too short for a loop, rows of few outputs, and more outputs than a block.
    CASES += [
        Case(op, [R.normal(size=shape)], reference(function), {"axis": axis}, FLOATS, grad=False)
        for shape, axis in [
            ((1200, 3), 1),
            ((5, 700, 4), (0, 2)),
            ((4, 2100, 7), 1),
            ((1100, 67), 1),
        ]
    ]
    CASES.append(Case(op, [np.zeros((0, 3))], reference(function), {"axis": 1}, grad=False))
FAULTS = [
    Fault(op, [np.zeros((0, 3))], f"{op}: data=.* has no elements", attrs=attrs)
    for op in ("max", "min")
    for attrs in ({}, {"axis": 0}, {"axis": (0, 1), "keepdims": True})
]
TestMax = operator_tests(CASES, FAULTS)
