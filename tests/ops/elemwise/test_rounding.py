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
NUMBERS = np.array([1.25, 2.5, -2.5, 15.0, -1.375, 1234.5, 0.0])
CASES += [
    Case(
        "_npi_around",
        [NUMBERS],
        lambda x, decimals: np.round(x, decimals),
        attrs={"decimals": decimals},
        dtypes=("float32", "float64"),
        grad=False,
        name=f"around{decimals}",
    )
    for decimals in (0, 1, 2, -1, -2)
]
CASES += [
    Case(
        "_npi_around",
        [np.array([15, 25, -15, -26, 14, 99], dtype)],
        lambda x, decimals: np.round(x.astype("float64"), decimals),
        attrs={"decimals": decimals},
        out_dtype=dtype,
        name=f"around{decimals}-{dtype}",
        oracle=decimals >= 0 or "1.9.1 cuts integers off",
    )
    for decimals in (0, 1, -1, -4)
    for dtype in ("int8", "int64")
]
CASES += [
    Case(
        "_contrib_round_ste",
        [np.array([1.4, 2.5, -2.5, -0.3])],
        lambda x: np.copysign(np.floor(np.abs(x) + 0.5), x),
        dtypes=("float32", "float16"),
        grad_reference=lambda x, d: [d],
        oracle="1.9.1 has it for arrays alone",
    )
]
TestRounding = operator_tests(CASES)
