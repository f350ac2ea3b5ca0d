"""A compiled graph in the queue drew after numbers that the program asked for later."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, nd
from mxnet.gluon import nn

SHAPE = (8, 16, 64, 64)  # enough work for the queue


class Noisy(nn.HybridBlock):
    """Much work, then random numbers, in training and without."""

    def hybrid_forward(self, F, x):
        return F.Convolution(
            x, F.ones((16, 16, 3, 3)), num_filter=16, kernel=(3, 3), pad=(1, 1), no_bias=True
        ) * 0 + F.random.normal_like(x)


def dropout(record):
    """A hybridized network with Dropout."""
    net = nn.HybridSequential()
    net.add(nn.Conv2D(16, 3, padding=1, in_channels=16, bias_initializer="ones"), nn.Dropout(0.5))
    net.initialize()
    net.hybridize()

    def run(x):
        with autograd.record() if record else autograd.train_mode():
            return net(x)

    return run


def noisy(record):
    """A hybridized network that draws without training, too."""
    net = Noisy()
    net.hybridize()

    def run(x):
        with autograd.record(train_mode=False) if record else autograd.pause():
            return net(x)

    return run


def executor(record):
    """A bound symbol."""
    data = mx.sym.Variable("data")
    symbol = mx.sym.Dropout(mx.sym.Convolution(data, num_filter=16, kernel=(3, 3), pad=(1, 1)))
    request = "write" if record else "null"
    bound = symbol.simple_bind(mx.cpu(), grad_req=request, data=SHAPE)
    bound.arg_dict["convolution0_bias"][:] = 1
    return lambda x: bound.forward(is_train=True, data=x)[0].copy()


@pytest.mark.parametrize("record", [True, False])
@pytest.mark.parametrize("make", [dropout, noisy, executor])
def test_numbers_are_those_of_a_program_that_waits(make, record):
    with mx.name.NameManager():
        run, x = make(record), nd.ones(SHAPE)
        run(x).wait_to_read()  # compiles
    results = []
    for waits in (True, False):
        mx.random.seed(5)
        drawn = []
        for _ in range(4):
            for draw in (lambda: run(x), lambda: nd.random.normal(shape=(70,))):
                drawn.append(draw())
                if waits:
                    drawn[-1].wait_to_read()
        results.append([array.asnumpy() for array in drawn])
    for expected, got in zip(*results):
        np.testing.assert_array_equal(got, expected)
