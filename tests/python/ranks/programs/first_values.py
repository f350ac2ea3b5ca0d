"""Networks that differ on each rank until a Trainer is made: then all begin as rank 0 does."""

import numpy as np

import mxnet as mx
from mxnet import gluon
from mxnet.kvstore import world


def check(store, known, hybridized):
    rank = store.rank
    mx.random.seed(rank)
    np.random.seed(rank)
    net = gluon.nn.HybridSequential()
    # The shape of the first layer's weights is known, or the first forward pass tells it.
    net.add(gluon.nn.Dense(6, in_units=5 if known else 0), gluon.nn.BatchNorm(), gluon.nn.Dense(3))
    net.initialize(mx.init.Normal(1))
    if hybridized:
        net.hybridize()
    gluon.Trainer(net.collect_params(), "sgd", kvstore=store)
    out = net(mx.nd.ones((2, 5))).asnumpy()
    own = np.random.rand()
    others = world.join().gather((out, own), "first values")
    assert len({value for _, value in others}) == store.num_workers, "seeds differ"
    for other, _ in others:
        np.testing.assert_array_equal(other, out)
    assert np.abs(out).max() > 0


def main():
    store = mx.kv.create("dist_sync")
    for known in (False, True):
        for hybridized in (False, True):
            check(store, known, hybridized)
    print(f"rank {store.rank} is content")


main()
