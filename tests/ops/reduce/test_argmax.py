import numpy as np
from harness import ALL, FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(24)
X = R.normal(size=(3, 4, 5))
TIES = np.array([[1.0, 5, 5], [7, 7, 1]])
SPECIAL = np.array([[1, np.nan, 9, np.nan], [-np.inf, -np.inf, 1, 2]])


def reference(function):
    def call(x, axis=None, keepdims=False):
        index = function(x, axis=axis)
        if keepdims:
            shape = (1,) * x.ndim if axis is None else np.expand_dims(index, axis).shape
            return np.reshape(index, shape)
        return np.atleast_1d(index)

    return call


SOME = ("float32", "float64", "float16", "int32")
CASES = []
for op, function in {"argmax": np.argmax, "argmin": np.argmin}.items():
    CASES += [
        Case(op, [X], reference(function), attrs=attrs, dtypes=FLOATS, grad=False)
        for attrs in (
            {},
            {"axis": 0},
            {"axis": 1},
            {"axis": -1},
            {"axis": 1, "keepdims": True},
            {"keepdims": True},
        )
    ] + [
        Case(op, [TIES], reference(function), attrs={"axis": 1}, dtypes=ALL, grad=False),
        Case(op, [SPECIAL], reference(function), attrs={"axis": 1}, grad=False),
        Case(op, [R.normal(size=(2, 9, 600))], reference(function), attrs={"axis": 1}, grad=False),
    ]
    # Rows one after the other and side by side, long and short, in one block and in several.
    far = np.zeros((3, 1100))
    far[[0, 0, 1, 2, 2], [1001, 1080, 257, 1099, 300]] = [2, 2, np.nan, -2, -3]
    CASES += [Case(op, [far], reference(function), attrs={"axis": 1}, dtypes=SOME[:3], grad=False)]
    CASES += [
        Case(
            op,
            [R.integers(0, 99, size=shape) * 1.0],
            reference(function),
            {"axis": 1},
            SOME,
            grad=False,
        )
        for shape in [(5, 70), (3, 1100), (1200, 3), (300, 5, 3), (2, 70, 9), (2, 5, 600)]
    ]
    CASES.append(Case(op, [R.normal(size=300000)], reference(function), grad=False))
CASES += [
    Case("argmax_channel", [TIES], lambda x: x.argmax(1), dtypes=ALL, grad=False),
    Case("argmax_channel", [X], lambda x: x.argmax(1), grad=False),
]
FAULTS = [
    Fault("argmax", [X], "axis=3", attrs={"axis": 3}, kind=IndexError),
    Fault("argmax", [np.zeros((2, 0))], "argmax: data=.* has no elements", attrs={"axis": 1}),
]
TestArgmax = operator_tests(CASES, FAULTS)
