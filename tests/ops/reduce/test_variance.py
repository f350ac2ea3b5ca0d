import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(42)
X = R.normal(size=(3, 4, 5))
WHOLE = np.array([[1, 2, 3], [0, 5, 6]])


def reference(function):
    def call(a, axis=None, dtype=None, ddof=0, keepdims=False):
        return function(a.astype("float64"), axis=axis, ddof=ddof, keepdims=keepdims)

    return call


NO_GRADIENT = "1.9.1 has no gradient: it gives zeros"
ROUNDS_MEAN = "1.9.1 rounds the mean of integers"
CASES = []
for op, function in (("_npi_var", np.var), ("_npi_std", np.std)):
    CASES += [
        Case(op, [X], reference(function), attrs, FLOATS, second=True, oracle=NO_GRADIENT)
        for attrs in (
            {},
            {"axis": 0},
            {"axis": (0, 2), "keepdims": True},
            {"axis": -1, "ddof": 1},
            {"ddof": 3},
        )
    ] + [
        Case(op, [X], reference(function), {"axis": ()}, grad=False),
        Case(op, [X + 1e3], reference(function), {"axis": 1}, rtol=1e-4, grad=False),
        Case(
            op,
            [X],
            reference(function),
            {"dtype": "float64"},
            ("float32",),
            "float64",
            oracle=NO_GRADIENT,
        ),
        *(
            Case(
                op,
                [WHOLE.astype(dtype)],
                lambda a, f=function: np.trunc(f(a)),
                out_dtype=dtype,
                oracle=ROUNDS_MEAN,
            )
            for dtype in ("int32", "int8", "uint8", "int64")
        ),
        Case(
            op,
            [WHOLE],
            reference(function),
            {"dtype": "float32"},
            out_dtype="float32",
            oracle=ROUNDS_MEAN,
        ),
        Case(op, [np.zeros((0, 3))], lambda a, axis: np.full(3, np.nan), {"axis": 0}, grad=False),
        Case(
            op,
            [X[:2]],
            lambda a, axis, ddof: np.full((4, 5), np.inf),
            {"axis": 0, "ddof": 3},
            grad=False,
            oracle="1.9.1 divides by a negative number",
        ),
    ]
FAULTS = [
    Fault("_npi_var", [X], "axis=3", {"axis": 3}, IndexError),
    Fault("_npi_std", [X > 0], "a has dtype bool", kind=TypeError),
]
TestVariance = operator_tests(CASES, FAULTS)
