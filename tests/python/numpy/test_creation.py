"""Making arrays of mx.np: devices, dtypes and memory, also as symbols."""

import numpy as onp
import pytest

import mxnet as mx
from mxnet import np as mnp


@pytest.fixture(autouse=True)
def numpy_mode():
    with mx.util.np_shape(), mx.util.np_array():
        yield


MAKERS = {
    "array": lambda F: F.array([1, 2]),
    "empty": lambda F: F.empty((2, 3)),
    "zeros": lambda F: F.zeros((2, 3)),
    "ones": lambda F: F.ones((2, 3)),
    "full": lambda F: F.full((2, 3), 2.5),
    "arange": lambda F: F.arange(1, 7, 2),
    "linspace": lambda F: F.linspace(0, 1, 5),
    "logspace": lambda F: F.logspace(0, 1, 4),
    "eye": lambda F: F.eye(2, 3, k=1),
    "identity": lambda F: F.identity(3),
    "indices": lambda F: F.indices((2, 3)),
    "hanning": lambda F: F.hanning(5),
    "hamming": lambda F: F.hamming(5),
    "blackman": lambda F: F.blackman(5),
}


@pytest.mark.parametrize("name", MAKERS)
def test_arrays_are_made_on_the_current_device(name):
    with mx.cpu(1):
        made = MAKERS[name](mnp)
    assert type(made) is mnp.ndarray
    assert made.ctx == mx.cpu(1)


@pytest.mark.parametrize("name", [each for each in MAKERS if each not in ("array", "empty")])
def test_symbols_make_the_same(name):
    symbol = MAKERS[name](mx.sym.np)
    assert isinstance(symbol, mx.sym.numpy._Symbol)
    found = symbol.bind(mx.cpu(), {}).forward()[0].asnumpy()
    expected = MAKERS[name](mnp).asnumpy()
    assert found.dtype == expected.dtype
    onp.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", ["zeros_like", "ones_like", "empty_like", "copy"])
def test_symbols_like_others(name):
    symbol = getattr(mx.sym.np, name)(mx.sym.var("a").as_np_ndarray())
    x = mnp.array([[1, 2], [3, 4]], dtype="int32")
    found = symbol.bind(mx.cpu(), {"a": x}).forward()[0].asnumpy()
    assert found.dtype == onp.int32 and found.shape == (2, 2)


def test_array_takes_legacy_arrays_and_keeps_their_dtype():
    legacy = mx.nd.array([1, 2], dtype="int32")
    made = mnp.array(legacy)
    assert type(made) is mnp.ndarray and made.dtype == onp.int32
    made[:] = 7
    assert legacy.asnumpy().tolist() == [1, 2]


def test_large_integers_are_exact():
    assert int(mnp.array([2**60 + 1], dtype="int64").asnumpy()[0]) == 2**60 + 1
    assert mnp.arange(2**24, 2**24 + 3, dtype="int64").asnumpy().tolist() == [
        2**24,
        2**24 + 1,
        2**24 + 2,
    ]


def test_copy_records_a_gradient():
    x = mnp.array([1.0, 2.0])
    x.attach_grad()
    with mx.autograd.record():
        y = mnp.copy(x) * 3
    y.backward()
    assert x.grad.asnumpy().tolist() == [3, 3]


def test_names_that_symbols_do_not_have():
    assert not hasattr(mx.sym.np, "array")
    assert not hasattr(mx.sym.np, "nothing")
    assert "exp" in dir(mx.sym.np)
