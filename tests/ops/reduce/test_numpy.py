"""mx.np's reductions: NumPy's axes and shapes, and float32 where NumPy has float64."""

import numpy as np
import pytest
from harness import ALL, FLOATS, INTS, Case, Fault, operator_tests

import mxnet as mx

R = np.random.default_rng(41)
X = R.normal(size=(3, 4, 5))
NEAR_ONE = R.uniform(0.5, 1.5, size=(2, 3, 4))
TIES = np.array([[1.0, 5, 5], [7, 7, 1]])
WHOLE = np.array([[1, 2, 3], [0, 5, 6]])
SPECIAL = np.array([[1, np.nan, 9, np.nan], [-np.inf, -np.inf, 1, 2]])
AXES = ({}, {"axis": 0}, {"axis": (0, 2), "keepdims": True}, {"axis": -1}, {"axis": ()})


def reference(function):
    def call(a, axis=None, dtype=None, keepdims=False):
        options = {} if dtype is None else {"dtype": "float64"}
        return function(a, axis=axis, keepdims=keepdims, **options)

    return call


CASES = []
for op, data, function in (
    ("_np_sum", X, np.sum),
    ("_npi_mean", X, np.mean),
    ("_np_prod", NEAR_ONE, np.prod),
    ("_np_max", X, np.max),
    ("_np_min", X, np.min),
):
    CASES += [
        Case(op, [data], reference(function), attrs, FLOATS, second=True, name=f"{op}-{i}")
        for i, attrs in enumerate(AXES)
    ]
    CASES.append(Case(op, [np.zeros((0, 3))], reference(function), {"axis": 1}))
for op, function in (("_np_sum", np.sum), ("_np_prod", np.prod)):
    CASES += [
        Case(op, [np.zeros((0, 3))], reference(function)),
        Case(op, [WHOLE.astype(bool)], reference(function), out_dtype="int64"),
        *(Case(op, [WHOLE.astype(d)], reference(function), {"axis": 1}, out_dtype=d) for d in INTS),
    ]
for op, function in (("_np_max", np.max), ("_np_min", np.min)):
    CASES += [
        Case(op, [WHOLE > 0], reference(function), out_dtype="bool"),
        Case(op, [WHOLE.astype("uint8")], reference(function), out_dtype="uint8"),
        Case(op, [SPECIAL], reference(function), {"axis": 1}, grad=False),
        Case(
            op,
            [TIES],
            reference(function),
            {"axis": 1},
            grad_reference=lambda a, d, axis, f=function: (
                d[:, None] * (a == f(a, axis=1, keepdims=True))
            ),
        ),
    ]
CASES += [
    Case("_npi_mean", [WHOLE.astype(d)], reference(np.mean), out_dtype="float32")
    for d in (*INTS, "bool")
]
CASES += [
    Case("_np_sum", [X], reference(np.sum), {"dtype": "float64"}, ("float32",), "float64"),
    Case("_np_sum", [WHOLE], reference(np.sum), {"dtype": "float32"}, out_dtype="float32"),
    Case(
        "_np_sum",
        [np.array([100, 100], "int8")],
        reference(np.sum),
        {"dtype": "int32"},
        out_dtype="int32",
    ),
    Case(
        "_npi_mean",
        [X],
        reference(np.mean),
        {"dtype": "float16"},
        ("float32",),
        "float16",
        grad=False,
    ),
    Case("_npi_mean", [WHOLE], lambda a, dtype: np.array(2), {"dtype": "int32"}, out_dtype="int32"),
]
for op, function in (("_np_any", np.any), ("_np_all", np.all)):
    CASES += [
        Case(op, [TIES - 1], reference(function), attrs, ALL, "bool", grad=False)
        for attrs in ({}, {"axis": 0}, {"axis": 1, "keepdims": True}, {"axis": ()})
    ] + [
        Case(op, [WHOLE > 0], reference(function), {"axis": 1}, out_dtype="bool"),
        Case(op, [np.zeros((0, 3))], reference(function), {"axis": 0}, out_dtype="bool"),
        Case(op, [SPECIAL], reference(function), {"axis": 1}, out_dtype="bool", grad=False),
        # A count that is 0 in 8 bits.
        Case(op, [np.ones(256, "int8")], reference(function), out_dtype="bool"),
    ]
for op, function in (("_npi_argmax", np.argmax), ("_npi_argmin", np.argmin)):
    CASES += [
        Case(op, [data], reference(function), attrs, ALL, "int64", grad=False)
        for data in (TIES, X)
        for attrs in ({}, {"axis": 0}, {"axis": -1, "keepdims": True}, {"keepdims": True})
    ] + [Case(op, [SPECIAL], reference(function), {"axis": 1}, out_dtype="int64", grad=False)]

EMPTY = np.zeros((0, 3))
FAULTS = [
    *(
        Fault(op, [X], "axis=3", {"axis": 3}, IndexError)
        for op in ("_np_sum", "_np_max", "_np_any", "_npi_argmax")
    ),
    *(Fault(op, [EMPTY], f"{op}: .*=.* has no elements") for op in ("_np_max", "_npi_argmin")),
    *(
        Fault(op, [X], f"{op}: initial=2.* is given", {"initial": 2.0})
        for op in ("_np_sum", "_npi_mean", "_np_prod", "_np_min")
    ),
    Fault("_np_sum", [X], "names an axis twice", {"axis": (0, 0)}),
]
TestNumpy = operator_tests(CASES, FAULTS)


@pytest.mark.parametrize("op", ["_np_sum", "_np_max", "_npi_mean", "_np_prod", "_np_any"])
def test_number(op):
    """An array of shape () stays one."""
    x = mx.nd._internal._np_sum(mx.nd.array([2.0, 3.0]))
    assert x.shape == ()
    y = getattr(mx.nd._internal, op)(x)
    assert y.shape == ()
    assert y.asnumpy() == (True if op == "_np_any" else 5)


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("_np_amax", "_np_max"),
        ("_np_amin", "_np_min"),
        ("_np_product", "_np_prod"),
        ("_np_sometrue", "_np_any"),
    ],
)
def test_alias(alias, name):
    x = mx.nd.array([[3, 1, 2]])
    got, want = (getattr(mx.nd._internal, op)(x).asnumpy() for op in (alias, name))
    np.testing.assert_array_equal(got, want)
