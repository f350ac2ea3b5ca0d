"""Hybridized networks initialized what waited for shapes in the order of their blocks; MXNet 1.9.1
takes the order of the graph, so that the same seed gave other weights.
"""

import pytest

import mxnet as mx
from mxnet.gluon import nn


class Noting(mx.init.Initializer):
    def __init__(self, names):
        super().__init__()
        self.names = names

    def _init_weight(self, name, array):
        self.names.append(name)
        array[:] = 1


class LastLayerFirst(nn.HybridBlock):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        with self.name_scope():
            self.last = nn.Dense(2, use_bias=False)
            self.first = nn.Dense(3, use_bias=False)

    def hybrid_forward(self, F, x):
        return self.last(self.first(x))


@pytest.mark.parametrize("hybridized", [False, True])
def test_order_is_that_of_the_computation(hybridized):
    net, names = LastLayerFirst(prefix="net_"), []
    net.initialize(Noting(names))
    if hybridized:
        net.hybridize()
    net(mx.nd.ones((1, 4)))
    assert names == ["net_dense1_weight", "net_dense0_weight"]
