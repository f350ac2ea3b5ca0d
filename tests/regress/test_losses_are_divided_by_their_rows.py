"""MakeLoss(normalization="batch") divided by the first axis; 1.9.1 by all axes but the last."""

import numpy as np
import pytest

import mxnet as mx

# By what MXNet 1.9.1 divides.
DIVISORS = [((3,), 1), ((1,), 1), ((4, 3), 4), ((2, 3, 4), 6), ((2, 3, 4, 5), 24)]


@pytest.mark.parametrize("shape, divisor", DIVISORS)
def test_rows_divide(shape, divisor):
    x = mx.nd.ones(shape)
    x.attach_grad()
    with mx.autograd.record():
        loss = mx.nd.MakeLoss(x, grad_scale=120, normalization="batch")
    loss.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), np.full(shape, 120 / divisor))
