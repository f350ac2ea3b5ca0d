import numpy as np
from harness import ALL, FLOATS, Case, operator_tests

HALVES = np.arange(-10, 11) / 4


def half_away(x):
    return np.sign(x) * np.floor(np.abs(x) + 0.5)


def half_down(x):
    return np.ceil(x - 0.5)


CASES = [
    Case(op, [HALVES], function, dtypes=FLOATS, grad_reference=lambda x, d: 0 * x)
    for op, function in [
        ("round", half_away),
        ("rint", half_down),
        ("ceil", np.ceil),
        ("floor", np.floor),
        ("trunc", np.trunc),
        ("fix", np.fix),
    ]
]
CASES += [
    Case(op, [np.arange(5.0)], lambda x: x, dtypes=ALL, grad=False, name=f"{op}-whole")
    for op in ("round", "rint", "ceil", "floor", "trunc", "fix")
]
TestRounding = operator_tests(CASES)
