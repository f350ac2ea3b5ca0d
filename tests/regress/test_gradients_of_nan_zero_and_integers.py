"""Gradients at NaN, of products with a zero, and of remainders of integers were wrong."""

import numpy as np
import pytest

import mxnet as mx

NAN = float("nan")


def gradients(function, *arrays):
    for array in arrays:
        array.attach_grad()
    with mx.autograd.record():
        out = function(*arrays)
    out.backward()
    return [array.grad.asnumpy() for array in arrays]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_relu_keeps_nan(dtype):
    data = mx.nd.array([NAN, 1, -1, 0], dtype=dtype)
    for relu in [mx.nd.relu, lambda x: mx.nd.Activation(x, act_type="relu")]:
        np.testing.assert_array_equal(gradients(relu, data)[0], [NAN, 1, 0, 0])


@pytest.mark.parametrize("shape", [(3,), (1, 3)])
def test_extremum_of_nan_goes_to_neither(shape):
    lhs = mx.nd.array([NAN, 1, 2])
    for function, to_rhs in [(mx.nd.maximum, [0, 1, 0]), (mx.nd.minimum, [0, 0, 1])]:
        rhs = mx.nd.array([0, 5, 1]).reshape(shape)
        d_lhs, d_rhs = gradients(function, lhs, rhs)
        np.testing.assert_array_equal(d_rhs.ravel(), to_rhs)
        np.testing.assert_array_equal(d_lhs, [0, *(1 - np.array(to_rhs[1:]))])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_product_with_zeros(dtype):
    rows = [[4, 0, 3], [0, 0, 2], [2, 3, 4], [-1, 0, 5]]
    expected = [[0, 12, 0], [0, 0, 0], [12, 8, 6], [0, -5, 0]]
    data = mx.nd.array(rows, dtype=dtype)
    for axis in (1, -1, (1,)):
        got = gradients(lambda x, axis=axis: mx.nd.prod(x, axis=axis), data)[0]
        np.testing.assert_array_equal(got, expected)
    got = gradients(lambda x: mx.nd.prod(x, axis=1, keepdims=True), data)[0]
    np.testing.assert_array_equal(got, expected)
    got = gradients(mx.nd.nanprod, mx.nd.array([2, 0, NAN], dtype=dtype))[0]
    np.testing.assert_array_equal(got, [0, 2, 0])
    got = gradients(mx.nd.prod, mx.nd.array([2, 0, 5], dtype=dtype))[0]
    np.testing.assert_array_equal(got, [0, 10, 0])


def test_remainders_of_integers():
    lhs, rhs = mx.nd.array([7, 8], dtype="int32"), mx.nd.array([2, 3], dtype="int32")
    for got in gradients(lambda a, b: a % b, lhs, rhs):
        np.testing.assert_array_equal(got, [0, 0])
    np.testing.assert_array_equal(gradients(lambda a: a % 3, lhs)[0], [0, 0])
    np.testing.assert_array_equal(gradients(lambda a: 17 % a, lhs)[0], [0, 0])
