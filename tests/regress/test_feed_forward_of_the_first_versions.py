"""`FeedForward` counted batches from 0 and took no function as symbol."""

import numpy as np
import pytest

import mxnet as mx

BATCH = 2


class Buckets(mx.io.DataIter):
    """Rows of 6, 4 and 3 numbers, which the network adds up."""

    def __init__(self):
        super().__init__(BATCH)
        self.default_bucket_key = 6
        self.provide_data = [("data", (BATCH, 6))]
        self.provide_label = [("softmax_label", (BATCH,))]
        self.reset()

    def reset(self):
        self.keys = [6, 4, 3]

    def next(self):
        if not self.keys:
            raise StopIteration
        key = self.keys.pop(0)
        return mx.io.DataBatch(
            [mx.nd.ones((BATCH, key))],
            [mx.nd.array([0, 1])],
            pad=0,
            bucket_key=key,
            provide_data=[("data", (BATCH, key))],
            provide_label=self.provide_label,
        )


def network(key):
    total = mx.sym.sum(mx.sym.Variable("data"), axis=1, keepdims=True)
    net = mx.sym.FullyConnected(total, num_hidden=3, name="fc")
    return mx.sym.SoftmaxOutput(net, name="softmax")


def test_batches_are_counted_from_1():
    seen = []
    model = mx.model.FeedForward(network(0), num_epoch=2, numpy_batch_size=10)
    model.fit(np.ones((40, 6)), np.zeros(40), batch_end_callback=lambda p: seen.append(p.nbatch))
    assert seen == [1, 2, 3, 4] * 2


def test_a_function_makes_the_networks():
    keys, seen = [], []

    def recorded(key):
        keys.append(key)
        return network(key)

    model = mx.model.FeedForward(recorded, num_epoch=2, initializer=mx.init.One())
    model.fit(Buckets(), batch_end_callback=[lambda p: seen.append(p.nbatch)])
    assert keys == [6, 4, 3] and seen == [1, 2, 3] * 2
    assert model.symbol.list_arguments() == network(6).list_arguments()
    assert abs(model.arg_params["fc_weight"].asnumpy() - 1).max() > 1e-4
    assert model.predict(Buckets()).shape == (6, 3)


def test_it_needs_a_bucket_key_and_a_network():
    model = mx.model.FeedForward(network, num_epoch=1)
    with pytest.raises(ValueError, match="default_bucket_key"):
        model.fit(np.ones((4, 6)), np.zeros(4))
    with pytest.raises(TypeError, match="FeedForward: symbol is a NoneType"):
        mx.model.FeedForward(None)
