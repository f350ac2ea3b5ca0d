import numpy as np
from harness import ALL, FLOATS, Case, operator_tests

SPECIAL = np.array([[0.0, -0.0, 1.5, np.nan], [np.inf, -np.inf, -2, 6e4]])
NUMBERS = np.array([0.0, 1, 2, 100])

CASES = []
for name, function in {
    "isnan": np.isnan,
    "isinf": np.isinf,
    "isfinite": np.isfinite,
    "isposinf": np.isposinf,
    "isneginf": np.isneginf,
}.items():
    op = f"_npi_{name}"
    CASES += [
        Case(op, [SPECIAL], function, dtypes=FLOATS, out_dtype="bool", grad=False),
        Case(op, [NUMBERS], function, dtypes=ALL, out_dtype="bool", grad=False, name=f"{name}-all"),
    ]
TestClassification = operator_tests(CASES)
