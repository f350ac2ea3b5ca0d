"""_npi_unique: as many results as the data says."""

import itertools

import numpy as np
import pytest

import mxnet as mx

R = np.random.default_rng(18)
FLAGS = ("return_index", "return_inverse", "return_counts")


def unique(x, **attrs):
    found = mx.nd._internal._npi_unique(x, **attrs)
    return found if isinstance(found, (list, tuple)) else [found]


def check(x, flags, axis=None):
    attrs = dict.fromkeys(flags, True)
    found = unique(
        mx.nd.array(x, dtype=x.dtype), **attrs, **({} if axis is None else {"axis": axis})
    )
    expected = np.unique(x, axis=axis, **attrs)
    expected = list(expected) if flags else [expected]
    assert len(found) == len(expected)
    for got, want in zip(found, expected):
        assert got.dtype == want.dtype
        np.testing.assert_array_equal(got.asnumpy(), want.reshape(got.shape))


@pytest.mark.parametrize("flags", [f for n in range(4) for f in itertools.combinations(FLAGS, n)])
def test_outputs(flags):
    check(R.integers(0, 4, size=(3, 4)).astype("float32"), flags)
    check(R.integers(0, 2, size=(6, 2)).astype("float32"), flags, axis=0)


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int32", "int64", "uint8"])
@pytest.mark.parametrize("axis", [None, 0, 1, -1])
def test_like_numpy(dtype, axis):
    check(R.integers(0, 2, size=(4, 3, 2)).astype(dtype), FLAGS, axis)


def test_no_element_and_one_number():
    assert unique(mx.nd.array([1.0])[0:0], return_counts=True)[1].shape == (0,)
    with mx.util.np_shape():
        values, index = unique(mx.nd.array(3.0), return_index=True)
    assert values.asnumpy() == [3] and index.asnumpy() == [0]


def test_nan_is_one_number():
    values, counts = unique(mx.nd.array([np.nan, 1, np.nan, -np.inf]), return_counts=True)
    np.testing.assert_array_equal(values.asnumpy(), [-np.inf, 1, np.nan])
    np.testing.assert_array_equal(counts.asnumpy(), [1, 1, 2])


def test_a_bound_symbol():
    symbol = mx.sym.Group(mx.sym._internal._npi_unique(mx.sym.Variable("x"), return_inverse=True))
    x = mx.nd.array([3, 1, 3, 2])
    outputs = symbol.bind(mx.cpu(), {"x": x}).forward()
    np.testing.assert_array_equal(outputs[0].asnumpy(), [1, 2, 3])
    np.testing.assert_array_equal(outputs[1].asnumpy(), [2, 0, 2, 1])


def test_axis_out_of_range():
    with pytest.raises(IndexError, match="_npi_unique: axis=2"):
        unique(mx.nd.ones((2, 2)), axis=2)
