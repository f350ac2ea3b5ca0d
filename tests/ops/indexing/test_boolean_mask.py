"""boolean_mask: slices where a mask is not zero, with gradient, eager and bound."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd

X = np.arange(24, dtype="float32").reshape(4, 3, 2)


@pytest.mark.parametrize("axis, mask", [(0, [1, 0, 1, 0]), (0, [2, -1, 0.5, 0]), (1, [0, 1, 1])])
@pytest.mark.parametrize("dtype", ["float32", "float64", "int32"])
def test_values_and_gradient(axis, mask, dtype):
    x = nd.array(X, dtype=dtype)
    x.attach_grad()
    with mx.autograd.record():
        y = nd.contrib.boolean_mask(x, nd.array(mask), axis=axis)
        z = y * 2
    keep = np.array(mask) != 0
    np.testing.assert_array_equal(y.asnumpy(), np.compress(keep, X, axis=axis))
    assert y.dtype == x.dtype
    if dtype == "int32":
        return
    z.backward()
    shape = [1, 1, 1]
    shape[axis] = -1
    np.testing.assert_array_equal(x.grad.asnumpy(), 2 * keep.reshape(shape) * np.ones_like(X))


def test_empty_result():
    x = nd.array(X)
    x.attach_grad()
    with mx.autograd.record():
        y = nd.contrib.boolean_mask(x, nd.zeros((4,)))
    y.backward()
    assert y.shape == (0, 3, 2)
    assert x.grad.asnumpy().sum() == 0


def test_masks_that_do_not_fit():
    with pytest.raises(ValueError, match="boolean_mask: index"):
        nd.contrib.boolean_mask(nd.array(X), nd.ones((3,)))
    with pytest.raises(ValueError, match="expected one"):
        nd.contrib.boolean_mask(nd.array(X), nd.ones((4, 1)))


def test_bound_symbol_gives_other_shapes_each_time():
    x, mask = mx.sym.Variable("x"), mx.sym.Variable("mask")
    kept = mx.sym.contrib.boolean_mask(x * 2, mask)
    grad = nd.zeros((4, 3, 2))
    executor = kept.bind(
        mx.cpu(), {"x": nd.array(X), "mask": nd.array([1, 0, 1, 0])}, args_grad={"x": grad}
    )
    for keep in ([1, 0, 1, 0], [0, 0, 0, 1]):
        output = executor.forward(is_train=True, mask=nd.array(keep))[0]
        np.testing.assert_array_equal(output.asnumpy(), 2 * X[np.array(keep) != 0])
        executor.backward([nd.ones(output.shape)])
        np.testing.assert_array_equal(
            grad.asnumpy(), 2 * np.array(keep).reshape(4, 1, 1) * np.ones_like(X)
        )
