"""A SymbolBlock of a list with one symbol gave a list, where MXNet 1.9.1 gives the array.

So features were taken from networks of the model zoo: ``SymbolBlock([features], [data])``.
"""

import numpy as np
import pytest

import mxnet as mx
from mxnet import gluon, nd


@pytest.fixture
def data():
    return mx.sym.Variable("data")


@pytest.mark.parametrize("kind", [list, tuple])
def test_one_output_is_the_array(data, kind):
    block = gluon.SymbolBlock(kind([data * 2]), [data])
    np.testing.assert_array_equal(block(nd.ones((1, 2))).asnumpy(), [[2, 2]])
    assert isinstance(block(mx.sym.Variable("other")), mx.sym.Symbol)
    block.cast("float64")
    assert block(nd.ones((1, 2), dtype="float64")).dtype == np.float64


def test_several_outputs_are_a_list(data):
    for outputs in ([data * 2, data + 1], [mx.sym.Group([data * 2, data + 1])]):
        double, next_one = gluon.SymbolBlock(outputs, [data])(nd.ones((1, 2)))
        np.testing.assert_array_equal(double.asnumpy(), next_one.asnumpy())


def test_features_of_a_network(data):
    net = gluon.nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(gluon.nn.Dense(3, activation="relu"), gluon.nn.Dense(2))
    features = gluon.SymbolBlock(
        [net(data).get_internals()["net_dense0_relu_fwd_output"]],
        [data],
        params=net.collect_params(),
    )
    net.initialize(mx.init.One())
    assert features(nd.ones((1, 4))).asnumpy().tolist() == [[4, 4, 4]]
