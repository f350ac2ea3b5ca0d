import numpy as np
from harness import FLOATS, Case, operator_tests

X = np.random.default_rng(3).uniform(-0.9, 0.9, size=(3, 3))

CASES = [
    Case(op, [X], function, dtypes=FLOATS, second=True)
    for op, function in [
        ("sin", np.sin),
        ("cos", np.cos),
        ("tan", np.tan),
        ("arcsin", np.arcsin),
        ("arccos", np.arccos),
        ("arctan", np.arctan),
        ("radians", np.radians),
    ]
]
CASES += [
    Case("degrees", [X], np.degrees, dtypes=("float32", "float16", "bfloat16"), second=True),
    Case(
        "degrees",
        [X],
        np.degrees,
        dtypes=("float64",),
        name="degrees-exact",
        oracle="1.9.1 rounds the factor to float32",
    ),
]
CASES.append(Case("sin", [X * 1000], np.sin, atol=1e-4, grad=False, name="sin-large"))
TestTrigonometric = operator_tests(CASES)
