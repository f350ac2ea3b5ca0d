import numpy as np
from harness import FLOATS, Case, operator_tests

OP = "_npi_nan_to_num"
X = np.array([[1.5, np.nan, np.inf], [-np.inf, 0, -2]])
LARGEST = {"float16": 65504, "bfloat16": 2.0**127 * (2 - 2**-7)}
LARGEST |= {d: float(np.finfo(d).max) for d in ("float32", "float64")}


def reference(dtype):
    def call(data, copy=True, nan=0.0, posinf=None, neginf=None):
        largest = LARGEST[dtype]
        high = largest if posinf is None else posinf
        return np.nan_to_num(data, True, nan, high, -largest if neginf is None else neginf)

    return call


def gradient(data, d, **attrs):
    return d * np.isfinite(data)


CASES = [
    *(Case(OP, [X], reference(d), {}, d, grad_reference=gradient, name=d) for d in FLOATS),
    Case(
        OP,
        [X],
        reference("float32"),
        {"nan": 2.0, "posinf": 7.0, "neginf": -7.0},
        FLOATS,
        grad_reference=gradient,
    ),
    Case(OP, [X], reference("float32"), {"copy": False, "nan": -1.0}, grad_reference=gradient),
    Case(OP, [X[:0]], reference("float32")),
    *(
        Case(OP, [np.array([0, 1, 2], d)], lambda data, nan: data, {"nan": 1.0}, out_dtype=d)
        for d in ("int32", "int64", "int8", "uint8", "bool")
    ),
]
TestNanToNum = operator_tests(CASES)
