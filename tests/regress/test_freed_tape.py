"""A result whose tape backward had freed could not be used again; in 1.9.1 it is a constant."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, nd


def freed_result():
    x = nd.array([1, 2, 3])
    x.attach_grad()
    with autograd.record():
        y = x * 2
        loss = y.sum()
    loss.backward()
    return x, y, loss


def test_it_is_a_constant_in_the_next_computation():
    x, y, _ = freed_result()
    with autograd.record():
        loss = (x * y).sum()
    loss.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [2, 4, 6])


def test_a_second_backward_is_an_error():
    x, y, loss = freed_result()
    for head in (y, loss):
        with pytest.raises(mx.MXNetError, match="retain_graph=True"):
            head.backward()


def test_so_is_one_over_a_part_that_another_freed():
    x = nd.ones((2,))
    x.attach_grad()
    with autograd.record():
        y = x * 2
        first, second = y.sum(), (y * y).sum()
    first.backward()
    x.grad[:] = 9
    with pytest.raises(mx.MXNetError, match="retain_graph=True"):
        second.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [9, 9])
