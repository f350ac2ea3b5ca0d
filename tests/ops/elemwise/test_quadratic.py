import numpy as np
from harness import FLOATS, Case, operator_tests

X = np.array([[1.0, -2.5, 0.0], [3.0, 0.25, np.nan]])


def quadratic(x, a=0.0, b=0.0, c=0.0):
    y = a * x * x + b * x + c
    return y.astype(x.dtype) if x.dtype.kind == "i" else y


COEFFICIENTS = {"a": 2.5, "b": 3.0, "c": 4.0}
CASES = [
    Case("_contrib_quadratic", [X[:, :2]], quadratic, COEFFICIENTS, FLOATS, second=True),
    Case("_contrib_quadratic", [X], quadratic, COEFFICIENTS, grad=False),
    Case("_contrib_quadratic", [X], quadratic, grad=False),
    Case(
        "_contrib_quadratic",
        [np.arange(1, 5, dtype="int32")],
        quadratic,
        COEFFICIENTS,
        out_dtype="int32",
    ),
]
TestQuadratic = operator_tests(CASES)
