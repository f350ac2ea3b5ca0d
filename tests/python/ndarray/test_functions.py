"""Operator functions: signatures, documentation, argument errors, pickling."""

import inspect
import pickle

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd


def test_signature_names_inputs_then_parameters():
    names = list(inspect.signature(nd.softmax).parameters)
    assert names == [
        *("data", "length", "axis", "temperature", "dtype", "use_length"),
        *("out", "name", "kwargs"),
    ]


def test_signature_of_variadic_operators_begins_with_the_inputs():
    first = next(iter(inspect.signature(nd.concat).parameters.values()))
    assert first.kind is inspect.Parameter.VAR_POSITIONAL


def test_documentation_has_types_and_defaults():
    text = nd.softmax.__doc__
    assert "axis (" in text and "default=-1" in text and "Returns:" in text


def test_help_shows_the_signature(capsys):
    help(nd.softmax)
    shown = capsys.readouterr().out
    assert "softmax" in shown and "temperature" in shown


def test_names():
    assert nd.softmax.__name__ == "softmax"
    assert nd.softmax.__module__ == "mxnet.ndarray"
    assert nd.contrib is mx.ndarray.contrib


def test_functions_are_made_once():
    assert nd.softmax is nd.softmax
    assert "softmax" in dir(nd) and "_mul_scalar" in dir(nd._internal)


@pytest.mark.parametrize("function", [nd.softmax, nd.concat])
def test_pickling_by_name(function):
    assert pickle.loads(pickle.dumps(function)) is function


@pytest.mark.parametrize("name", [name for name in mx._core.list_ops() if name[0] != "_"])
def test_every_operator_can_be_described(name):
    function = getattr(nd.op, name)
    assert function.__doc__ and inspect.signature(function)


ERRORS = [
    (lambda x: nd.softmax(x, foo=1), ValueError, "softmax: foo=1 is not an argument"),
    (lambda x: nd.softmax(3), TypeError, "softmax: data=3 is of type int"),
    (lambda x: nd.softmax(), ValueError, "softmax: data is missing"),
    (lambda x: nd.softmax(x, axis="a"), ValueError, "softmax: axis=a is not valid"),
    (lambda x: nd.softmax(x, axis=9), IndexError, "softmax: axis=9 is out of range"),
    (lambda x: nd.softmax(x, data=x), TypeError, "softmax: data was given twice"),
    (lambda x: nd.softmax(x, None, 1, axis=1), TypeError, "softmax: axis was given twice"),
    (lambda x: nd.softmax(x, *[None] * 20), TypeError, "softmax: 21 arguments were given"),
    (lambda x: nd.softmax(x, out=3), TypeError, "softmax: out=3 is of type int"),
    (lambda x: nd.softmax(x, out=[x, x]), ValueError, "softmax: out holds 2 arrays"),
    (lambda x: nd.softmax(x, length=x), ValueError, "softmax: length was given but is not used"),
    (lambda x: nd.softmax(nd.NDArray()), ValueError, "the array holds nothing"),
    (lambda x: nd.concat(x, 3), TypeError, "argument 1=3 is of type int"),
    (lambda x: nd.Cast(x, dtype="no"), TypeError, "dtype=no is not supported"),
    (lambda x: nd.no_such_operator(x), AttributeError, "no_such_operator"),
    (lambda x: nd.array(x, ctx="no"), ValueError, "device_type=no is not known"),
]


@pytest.mark.parametrize("call, kind, text", ERRORS)
def test_errors_name_operator_and_argument(call, kind, text):
    with pytest.raises(kind, match=text) as caught:
        call(nd.ones((2, 2)))
    assert kind is AttributeError or isinstance(caught.value, mx.MXNetError)


def test_arguments_of_many_kinds():
    x = nd.array(np.arange(6).reshape(2, 3))
    for axis in (0, 0.0, np.int64(0), "0", np.array(0)):
        np.testing.assert_array_equal(nd.softmax(x, axis=axis).asnumpy().sum(0), np.ones(3))
    for dtype in ("float64", np.float64, float, np.dtype("float64"), "float"):
        assert nd.Cast(x, dtype=dtype).dtype is np.float64
    for axes in ((1, 0), [1, 0], np.array([1, 0]), "(1, 0)", (np.int64(1), 0)):
        assert nd.transpose(x, axes=axes).shape == (3, 2)


def test_the_kept_parameters_follow_the_arguments():
    x = nd.array([[1.0, 2.0], [3.0, 5.0]])
    for _ in range(3):
        for axis in (0, 1):
            total = nd.softmax(x, axis=axis).asnumpy().sum(axis)
            np.testing.assert_allclose(total, np.ones(2), rtol=1e-6)
    axes = [0]
    first = nd.sum(x, axis=axes).asnumpy()
    axes[0] = 1
    assert (nd.sum(x, axis=axes).asnumpy() != first).all()


def test_number_of_inputs_is_counted():
    x = nd.ones((2,))
    assert nd.concat(x, x, dim=0).shape == (4,)
    assert nd.concat(x, x, x, dim=0).shape == (6,)
    assert nd.concat(x, dim=0).shape == (2,)


def test_out_is_written_and_returned():
    x, out = nd.array([[1.0, 1.0]]), nd.zeros((1, 2))
    assert nd.softmax(x, out=out) is out
    np.testing.assert_array_equal(out.asnumpy(), [[0.5, 0.5]])


def test_null_leaves_the_default():
    x = nd.ones((2, 2))
    np.testing.assert_array_equal(nd.softmax(x, axis=mx.base._Null).asnumpy(), np.full((2, 2), 0.5))
    assert repr(mx.base._Null) == "_Null"


def test_writing_most_of_an_array_keeps_the_rest():
    """Also where the array shares its memory with a copy."""
    source = mx.nd.full((16,), 5)
    copy = source.copy()
    copy[0:15] = 1
    np.testing.assert_array_equal(copy.asnumpy(), [1] * 15 + [5])
    copy = source.copy()
    mx.nd.ones(16)[0:15].copyto(copy[0:15])
    np.testing.assert_array_equal(copy.asnumpy(), [1] * 15 + [5])
    copy = source.copy()
    mx.nd.relu(mx.nd.full((15,), 2), out=copy[0:15])
    np.testing.assert_array_equal(copy.asnumpy(), [2] * 15 + [5])
    np.testing.assert_array_equal(source.asnumpy(), [5] * 16)
