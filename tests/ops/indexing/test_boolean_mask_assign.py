import numpy as np
import pytest
from harness import ALL, Case, Fault, operator_tests

import mxnet as mx

X = np.arange(12.0).reshape(3, 4)
ROWS = np.array([True, False, True])
COLUMNS = np.array([0, 1, 1, 0.5])
PLACES = X % 5 < 2
IN_PLACE = "1.9.1 writes over data only; the tests below do that"


def assign(data, mask, value, start_axis=0):
    result = np.array(data)
    result[(slice(None),) * start_axis + (mask != 0,)] = value
    return result


def case(mask, value, start_axis=0, **options):
    attrs = {"start_axis": start_axis}
    if np.isscalar(value):
        op, inputs, attrs = "_npi_boolean_mask_assign_scalar", [X, mask], {"value": value, **attrs}
        options = {"grad": (0,)} | options
    else:
        op, inputs = "_npi_boolean_mask_assign_tensor", [X, mask, value]
        options = {"grad": False} | options
    return Case(op, inputs, assign, attrs=attrs, oracle=IN_PLACE, **options)


CASES = [
    case(ROWS, 9, dtypes=ALL, second=True),
    case(COLUMNS, 9.5, 1),
    case(PLACES, 9.5),
    case(ROWS, X[:2] + 50, dtypes=ALL),
    case(ROWS, X[0] + 50),
    case(ROWS, X[:1] + 50),
    case(ROWS, np.ones(1) * 50),
    case(ROWS, np.float64(50), name="number"),
    case(PLACES, np.arange(6.0) + 50),
    case(PLACES, np.ones(1) * 50),
    case(COLUMNS, X[:3, :3] + 50, 1),
    case(COLUMNS, X[0, :3] + 50, 1),
    case(COLUMNS, X[:, :1] + 50, 1),
    case(np.zeros(3), X[:1] + 50, name="nowhere"),
]
FAULTS = [
    Fault(op, [X, np.ones(2), *value], "mask=.*", attrs)
    for op, value, attrs in (
        ("_npi_boolean_mask_assign_scalar", [], {"value": 1, "start_axis": 0}),
        ("_npi_boolean_mask_assign_tensor", [X[0]], {"start_axis": 0}),
    )
] + [
    Fault(
        "_npi_boolean_mask_assign_tensor",
        [X, ROWS, X],
        "has 3 values for the 2 places that mask chooses; expected 2 or 1",
        {"start_axis": 0},
    ),
    Fault(
        "_npi_boolean_mask_assign_tensor",
        [X, ROWS, X[:, :3]],
        "cannot be broadcast with",
        {"start_axis": 0},
    ),
]
TestBooleanMaskAssign = operator_tests(CASES, FAULTS)


@pytest.mark.parametrize("mask", [ROWS, PLACES])
def test_writes_over_data(mask):
    x, m = mx.nd.array(X), mx.nd.array(mask)
    mx.nd._internal._npi_boolean_mask_assign_scalar(x, m, value=9.5, start_axis=0, out=x)
    np.testing.assert_array_equal(x.asnumpy(), assign(X, mask, 9.5))
    values = mx.nd.array(X[mask] + 70)
    mx.nd._internal._npi_boolean_mask_assign_tensor(x, m, values, start_axis=0, out=x)
    np.testing.assert_array_equal(x.asnumpy(), assign(X, mask, X[mask] + 70))
