"""Functions that NumPy computes: where results belong, and what they refuse."""

import numpy as onp
import pytest

import mxnet as mx
from mxnet import np as mnp


@pytest.fixture(autouse=True)
def numpy_mode():
    with mx.util.np_shape(), mx.util.np_array():
        yield


def test_results_lie_where_the_first_array_lies():
    x = mnp.array([3.0, 1.0, 2.0], ctx=mx.cpu(1))
    assert mnp.partition(x, 1).ctx == mx.cpu(1)
    assert all(each.ctx == mx.cpu(1) for each in mnp.histogram2d(x, x, 2)[:2])


def test_results_of_numpys_arrays_are_numpys():
    assert type(mnp.isclose(onp.ones(2), 1.0)) is onp.ndarray
    assert type(mnp.isclose(onp.ones(2), mnp.ones(2))) is mnp.ndarray


def test_arrays_in_lists_are_converted():
    x = mnp.array([3.0, 1.0, 2.0])
    assert mnp.select([x < 2, x >= 2], [x, -x]).asnumpy().tolist() == [-3, 1, -2]
    assert mnp.linalg.multi_dot([mnp.eye(2), mnp.eye(2) * 3]).asnumpy().tolist() == [[3, 0], [0, 3]]


def test_out_is_written():
    x = mnp.array([[1.0, 5.0], [4.0, 2.0]], dtype="float32")
    out = mnp.zeros((2,))
    assert mnp.nanmax(x, axis=0, out=out) is out
    assert out.asnumpy().tolist() == [4, 5]


def test_dtypes_that_arrays_have_not_raise_a_type_error():
    with pytest.raises(TypeError, match="roots: the result has dtype complex"):
        mnp.roots(mnp.array([1.0, 0.0, 1.0]))


def test_symbols_are_refused():
    with pytest.raises(TypeError, match="partition: .*symbol"):
        mnp.partition(mx.sym.var("a").as_np_ndarray(), 1)


@pytest.mark.parametrize("name", mnp.fallback.__all__)
def test_names(name):
    assert getattr(mnp, name) is getattr(mnp.fallback, name)
    assert getattr(mnp, name).__name__ == name
