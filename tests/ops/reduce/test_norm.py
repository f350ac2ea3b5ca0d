import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(23)
X = R.normal(size=(3, 4)) + 0.05


def norm(x, ord=2, axis=None, keepdims=False, out_dtype=None):
    if ord == 1:
        result = np.sum(np.abs(x), axis=axis, keepdims=keepdims)
    else:
        result = np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims))
    return np.atleast_1d(result)


CASES = (
    [
        Case("norm", [X], norm, attrs={"ord": order, **attrs}, dtypes=FLOATS, second=True)
        for order in (1, 2)
        for attrs in ({}, {"axis": 1}, {"axis": 0, "keepdims": True}, {"axis": (0, 1)})
    ]
    + [
        Case("norm", [R.normal(size=shape)], norm, {"ord": order, "axis": axis}, FLOATS, grad=False)
        for order in (1, 2)  # rows of more than a block, and more outputs than a block
        for shape, axis in [((3, 2137), 1), ((1100, 67), 1), ((2, 3, 1500), (0, 2))]
    ]
    + [
        Case("norm", [X.reshape(3, 2, 2)], norm, attrs={"axis": (1, 2)}),
        Case(
            "norm",
            [X],
            norm,
            attrs={"out_dtype": "float64"},
            out_dtype="float64",
            grad=False,
            oracle="1.9.1 fails inside",
        ),
        Case("norm", [np.array([3e30, 4e30])], norm, grad=False, name="norm-large"),
        Case(
            "norm",
            [np.zeros(3)],
            norm,
            grad_reference=lambda x, d: np.zeros(3),
            name="norm-zero",
            oracle="1.9.1 answers NaN",
        ),
        Case(
            "norm",
            [np.array([3, 4], "int32")],
            norm,
            out_dtype="int32",
            oracle="1.9.1 rounds between the steps",
        ),
    ]
)
FAULTS = [Fault("norm", [X], "norm: ord=3", attrs={"ord": 3})]
TestNorm = operator_tests(CASES, FAULTS)
