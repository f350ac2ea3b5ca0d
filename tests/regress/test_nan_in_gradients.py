"""relu stopped a NaN on its way back, and maximum gave the gradient of a NaN to its right side."""

import numpy as np
import pytest

from mxnet import autograd, nd

NAN, INF = np.nan, np.inf


@pytest.mark.parametrize("relu", [nd.relu, lambda x: nd.Activation(x, act_type="relu")])
def test_relu(relu):
    x = nd.array([NAN, 1, -1, 1, -1, -1])
    x.attach_grad()
    with autograd.record():
        y = relu(x)
    y.backward(nd.array([1, NAN, NAN, 2, 3, INF]))
    np.testing.assert_array_equal(x.grad.asnumpy(), [NAN, NAN, NAN, 2, 0, NAN])


@pytest.mark.parametrize("op", [nd.maximum, nd.minimum, nd.broadcast_maximum])
def test_neither_side_wins_against_nan(op):
    x, y = nd.array([NAN, 1, NAN, 2]), nd.array([1, NAN, NAN, 2])
    x.attach_grad(), y.attach_grad()
    with autograd.record():
        z = op(x, y)
    z.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [0, 0, 0, 1])
    np.testing.assert_array_equal(y.grad.asnumpy(), [0, 0, 0, 0])
