import numpy as np
import pytest
from harness import ALL, Case, Fault, operator_tests

import mxnet as mx


def numbers(*shape, first=0.0):
    return (first + np.arange(float(np.prod(shape)))).reshape(shape)


def join(function):
    return lambda *arrays, **attrs: function(arrays, **attrs)


def concatenate(*arrays, axis=0):
    return np.concatenate(arrays, None if axis == "None" else axis)


SCALARS = [np.float64(1), np.float64(2)]
VECTORS = [numbers(3), numbers(3, first=5)]
MATRICES = [numbers(2, 3), numbers(2, 3, first=9)]
BLOCKS = [numbers(2, 3, 2), numbers(2, 3, 2, first=20)]
STACKS = [
    ("_npi_vstack", np.vstack),
    ("_npi_hstack", np.hstack),
    ("_npi_dstack", np.dstack),
    ("_npi_column_stack", np.column_stack),
]
CASES = [
    *(
        Case(op, inputs, join(function), name=f"{op}-{inputs[0].ndim}")
        for op, function in STACKS
        for inputs in (SCALARS, VECTORS, MATRICES, BLOCKS, VECTORS[:1])
    ),
    *(Case(op, MATRICES, join(function), dtypes=ALL, second=True) for op, function in STACKS),
    *(Case(op, [np.zeros(0)] * 2, join(function)) for op, function in STACKS),
    Case("_npi_vstack", [MATRICES[0], VECTORS[0]], join(np.vstack)),
    Case("_npi_hstack", [numbers(2), numbers(3)], join(np.hstack)),
    Case("_npi_hstack", MATRICES, lambda *a, dim: np.hstack(a), attrs={"dim": 0}, name="dim"),
    Case("_npi_column_stack", [numbers(2, 3), numbers(2)], join(np.column_stack)),
    Case("_npi_concatenate", MATRICES, concatenate, dtypes=ALL, second=True),
    *(Case("_npi_concatenate", MATRICES, concatenate, attrs={"axis": a}) for a in (1, -1, "None")),
    Case("_npi_concatenate", [numbers(2, 3), numbers(1, 3)], concatenate),
    Case("_npi_concatenate", [numbers(2, 3), numbers(0, 3)], concatenate),
    Case("_npi_concatenate", [SCALARS[0], VECTORS[0]], concatenate, attrs={"axis": "None"}),
]
FAULTS = [
    Fault("_npi_vstack", [numbers(2), numbers(3)], "arg1=.* does not fit the other inputs"),
    Fault("_npi_hstack", [numbers(2, 2), numbers(2)], "arg1=.* does not fit"),
    Fault("_npi_dstack", [numbers(2), numbers(2, 1)], "arg1=.* does not fit"),
    Fault("_npi_column_stack", [numbers(2), numbers(3)], "arg1=.* does not fit"),
    Fault("_npi_concatenate", [numbers(2, 3), numbers(2, 2)], "arg1=.* does not fit"),
    Fault("_npi_concatenate", MATRICES, "axis=2 is out of range", {"axis": 2}, IndexError),
]
TestNumpyStack = operator_tests(CASES, FAULTS)


def test_inputs_tell_each_other():
    a, b = mx.sym.Variable("a"), mx.sym.Variable("b")
    symbol = mx.sym._internal._npi_concatenate(a, b, axis=1)
    assert symbol.infer_shape_partial(a=(2, 3))[0] == [(2, 3), (2, 0)]
    assert symbol.infer_shape(a=(2, 3), b=(0, 4))[0] == [(2, 3), (2, 4)]


def test_dtypes_must_agree():
    with pytest.raises(mx.MXNetError, match="float32"):
        mx.nd._internal._npi_vstack(mx.nd.ones(3), mx.nd.ones(3, dtype="int32"))
