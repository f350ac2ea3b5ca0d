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
Y = np.random.default_rng(4).uniform(0.2, 0.9, size=(3, 3))
CASES += [
    Case("_npi_arctan2", [X, Y], np.arctan2, dtypes=FLOATS, second=True, rtol=2e-5),
    Case("_npi_arctan2", [X[:1], Y[:, :1]], np.arctan2, second=True, rtol=2e-5),
    Case(
        "_npi_arctan2_scalar",
        [X],
        lambda x, scalar: np.arctan2(x, scalar),
        attrs={"scalar": 2.5},
        dtypes=FLOATS,
        second=True,
        rtol=2e-5,
    ),
    Case(
        "_npi_rarctan2_scalar",
        [X],
        lambda x, scalar: np.arctan2(scalar, x),
        attrs={"scalar": 2.5},
        dtypes=FLOATS,
        second=True,
        rtol=2e-5,
    ),
]
TestTrigonometric = operator_tests(CASES)
