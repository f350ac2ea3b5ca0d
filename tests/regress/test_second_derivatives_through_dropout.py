"""A hybridized network with dropout, or with LeakyReLU of any kind, had no second derivative."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, gluon


class Penalized(gluon.HybridBlock):
    def __init__(self, middle):
        super().__init__()
        with self.name_scope():
            self.first = gluon.nn.Dense(6, activation="tanh", in_units=3)
            self.middle = middle
            self.last = gluon.nn.Dense(1, in_units=6)

    def hybrid_forward(self, F, x):
        return self.last(self.middle(F, self.first(x)))


def first_of(out):
    return out if isinstance(out, mx.nd.NDArray) else out[0]


MIDDLES = {
    "dropout": lambda F, x: F.Dropout(x, p=0.4),
    "two": lambda F, x: F.Dropout(F.Dropout(x, p=0.4) * x, p=0.3),
    "at the end": lambda F, x: F.Dropout(x * x, p=0.4),
    "axes": lambda F, x: F.Dropout(x, p=0.4, axes=(0,)) * x,
    "always": lambda F, x: F.Dropout(x, p=0.4, mode="always"),
    "noise": lambda F, x: x * x * (1 + F.random.uniform_like(x)),
    "rrelu": lambda F, x: first_of(F.LeakyReLU(x * x * x, act_type="rrelu")),
    "leaky": lambda F, x: F.LeakyReLU(x * x * x, act_type="leaky"),
    "rnn": lambda F, x: F.RNN(
        F.reshape(x, (4, 1, 6)),
        F.sin(F.arange(2 * (36 + 36 + 12))),
        F.zeros((2, 1, 6)),
        mode="rnn_tanh",
        state_size=6,
        num_layers=2,
        p=0.4,
    ).reshape((4, 6)),
}


def derivatives(middle, hybridize, train_mode=True):
    """Loss, gradient of a penalty of the gradient, and the next number drawn."""
    mx.random.seed(3)
    net = Penalized(MIDDLES[middle])
    net.initialize(mx.init.Xavier())
    if hybridize:
        net.hybridize()
    x = mx.nd.array(np.random.RandomState(0).rand(4, 3))
    x.attach_grad()
    mx.random.seed(4)
    with autograd.record(train_mode=train_mode):
        y = net(x)
        gradient = autograd.grad(y, [x], create_graph=True, retain_graph=True)[0]
        loss = y.sum() + (gradient**2).sum()
    loss.backward()
    values = [p.grad().asnumpy() for p in net.collect_params().values()]
    return [loss.asnumpy(), x.grad.asnumpy(), *values], mx.nd.random.uniform(shape=1).asscalar()


@pytest.mark.parametrize("middle", MIDDLES)
def test_as_without_hybridize(middle):
    found, next_found = derivatives(middle, True)
    expected, next_expected = derivatives(middle, False)
    assert next_found == next_expected
    for mine, wanted in zip(found, expected):
        np.testing.assert_allclose(mine, wanted, rtol=2e-5, atol=1e-6)
    assert np.abs(found[1]).max() > 1e-3


def test_outside_of_training():
    for middle in ("dropout", "always"):
        found, _ = derivatives(middle, True, False)
        expected, _ = derivatives(middle, False, False)
        for mine, wanted in zip(found, expected):
            np.testing.assert_allclose(mine, wanted, rtol=2e-5, atol=1e-6)


def picture_derivatives(hybridize):
    net = gluon.nn.HybridSequential(prefix="net_")
    with net.name_scope():
        for _ in range(2):
            net.add(gluon.nn.Conv2D(16, 3, padding=1), gluon.nn.BatchNorm())
            net.add(gluon.nn.Activation("tanh"), gluon.nn.Dropout(0.4))
        net.add(gluon.nn.GlobalAvgPool2D(), gluon.nn.Dropout(0.2), gluon.nn.Dense(1))
    mx.random.seed(3)
    net.initialize(mx.init.Xavier())
    x = mx.nd.array(np.random.RandomState(0).rand(4, 16, 24, 24))
    net(x)
    x.attach_grad()
    if hybridize:
        net.hybridize()
    mx.random.seed(4)
    with autograd.record():
        gradient = autograd.grad(net(x), [x], create_graph=True, retain_graph=True)[0]
        loss = (gradient**2).sum() * 1e4
    loss.backward()
    return [loss.asnumpy(), x.grad.asnumpy(), net[0].weight.grad().asnumpy()]


def test_pictures():
    """Values lie in memory as the library's kernels want them, and memory is shared."""
    for found, expected in zip(picture_derivatives(True), picture_derivatives(False)):
        scale = np.abs(expected).max()
        assert scale > 1e-3
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4 * scale)
