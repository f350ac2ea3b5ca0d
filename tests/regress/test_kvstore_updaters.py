"""An updater set on a key-value store was called with lists in place of key and arrays."""

import numpy as np

import mxnet as mx


def test_it_is_called_for_each_key():
    store = mx.kv.create("local")
    store.init([3, 5], [mx.nd.zeros((2,)), mx.nd.zeros((2,))])
    seen = []

    def add(key, received, stored):
        seen.append((key, received.asnumpy().tolist()))
        stored += received

    store._set_updater(add)
    store.push([3, 5, 3], [mx.nd.ones((2,)), [mx.nd.ones((2,)), mx.nd.ones((2,))], mx.nd.ones(2)])
    assert seen == [(3, [2, 2]), (5, [2, 2])]
    out = mx.nd.empty((2,))
    store.pull(3, out=out)
    np.testing.assert_array_equal(out.asnumpy(), [2, 2])


def test_optimizers_still_work():
    store = mx.kv.create("local")
    store.init("w", mx.nd.ones((2,)))
    store.set_optimizer(mx.optimizer.SGD(learning_rate=0.5))
    store.push("w", mx.nd.ones((2,)))
    out = mx.nd.empty((2,))
    store.pull("w", out=out)
    np.testing.assert_array_equal(out.asnumpy(), [0.5, 0.5])
