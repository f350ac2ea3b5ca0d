"""Head gradients of another dtype were refused deep inside an operator, a list for one head was
not taken, and no head at all was no error.
"""

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, nd


def recorded():
    x = nd.array([1, 2, 3])
    x.attach_grad()
    with autograd.record():
        y = x * x
    return x, y


@pytest.mark.parametrize("dtype", ["float16", "float64", "int32"])
@pytest.mark.parametrize("shape", [(3,), (3, 1)])
def test_they_are_converted(dtype, shape):
    x, y = recorded()
    y.backward(nd.array([1, 2, 3], dtype=dtype).reshape(shape))
    np.testing.assert_array_equal(x.grad.asnumpy(), [2, 8, 18])
    assert x.grad.dtype == np.float32


def test_one_in_a_list():
    x, y = recorded()
    autograd.backward(y, [nd.ones((3,))])
    np.testing.assert_array_equal(x.grad.asnumpy(), [2, 4, 6])


def test_a_head_that_comes_twice_counts_twice():
    x, y = recorded()
    autograd.backward([y, y])
    np.testing.assert_array_equal(x.grad.asnumpy(), [4, 8, 12])


@pytest.mark.parametrize(
    "heads, grads, error",
    [
        (lambda y: [], None, "heads is empty"),
        (lambda y: [y], [nd.ones((2,))], "wrong shape"),
        (lambda y: [y], [nd.ones((1,))], "wrong shape"),
        (lambda y: [y], [nd.ones((3,))] * 2, "2 head_grads"),
        (lambda y: [y, y], [nd.ones((3,))], "1 head_grads"),
        (lambda y: [y], [np.ones(3)], "numpy.ndarray"),
        (lambda y: [None], None, "head 0"),
        (lambda y: [nd.ones((3,))], None, "head 0"),
    ],
)
def test_wrong_ones_are_named(heads, grads, error):
    x, y = recorded()
    with pytest.raises(mx.MXNetError, match=error):
        autograd.backward(heads(y), grads)
    y.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [2, 4, 6])


def test_a_gradient_array_is_not_its_variable():
    x = nd.ones((4,))
    with pytest.raises(mx.MXNetError, match="shares its memory"):
        autograd.mark_variables([x[0:2]], [x[1:3]])
