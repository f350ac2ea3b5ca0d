"""A `Function` with symbols gave a list in place of a symbol, so that hybridized networks with one
could not predict.
"""

import pytest

import mxnet as mx
from mxnet import autograd, gluon, nd


class Twice(autograd.Function):
    def forward(self, x):
        return x * 2

    def backward(self, d_out):
        return d_out * 10


class Net(gluon.HybridBlock):
    def hybrid_forward(self, F, x):
        return Twice()(x) + 1


@pytest.mark.parametrize("hybridized", [False, True])
def test_predicts(hybridized):
    net = Net()
    if hybridized:
        net.hybridize()
    assert net(nd.ones(2)).asnumpy().tolist() == [3, 3]
    assert isinstance(Twice()(mx.sym.var("x")), mx.sym.Symbol)


def test_its_gradient_is_not_lost_in_silence():
    x = nd.ones(2)
    x.attach_grad()
    net = Net()
    net.hybridize()
    with autograd.record(), pytest.raises(TypeError, match="Twice: forward gave Symbol"):
        net(x)
    with autograd.record():
        out = Net()(x)
    out.backward()
    assert x.grad.asnumpy().tolist() == [10, 10]
