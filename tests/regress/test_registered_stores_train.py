"""Trainer called push() and pull() of every store, which registered ones need not have: 1.9.1 asks
for broadcast() and pushpull() alone. The store `teststore` was missing."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, gluon

DEVICES = [mx.cpu(0), mx.cpu(1)]


class Recorder(mx.kv.KVStoreBase):
    """Notes what it is asked for; with `updates`, takes a step of its own."""

    type, rank, num_workers = "recorder", 0, 1

    def __init__(self, updates=False):
        self.calls = []
        self._updates = updates

    def is_capable(self, capability):
        return self._updates

    def set_optimizer(self, optimizer):
        self.calls.append(("optimizer", type(optimizer).__name__))

    def broadcast(self, key, value, out, priority=0):
        self.calls.append(("broadcast", key))
        for array in out:
            value.copyto(array)

    def pushpull(self, key, value, out=None, priority=0):
        self.calls.append(("pushpull", key, out is None))
        for array in out or ():
            array -= 1


def train(store, **options):
    net = gluon.nn.Dense(1, in_units=2)
    net.initialize(mx.init.Zero(), ctx=DEVICES)
    trainer = gluon.Trainer(
        net.collect_params(), "sgd", {"learning_rate": 1.0}, kvstore=store, **options
    )
    with autograd.record():
        losses = [net(mx.nd.ones((1, 2), ctx=ctx)) for ctx in DEVICES]
    autograd.backward(losses)
    trainer.step(1)
    return net


@pytest.mark.parametrize("store", ["teststore", "TestStore"])
def test_a_store_that_only_adds_up(store):
    net = train(store)
    for ctx in DEVICES:
        assert net.weight.data(ctx).asnumpy().tolist() == [[-2, -2]]


def test_what_a_registered_store_is_asked_for():
    store = Recorder()
    train(store)
    assert store.calls == [
        ("broadcast", 0),
        ("broadcast", 1),
        ("pushpull", 0, True),
        ("pushpull", 1, True),
    ]


def test_a_registered_store_that_updates():
    store = Recorder(updates=True)
    net = train(store)
    assert ("optimizer", "SGD") in store.calls and ("pushpull", 1, False) in store.calls
    assert net.bias.data(DEVICES[1]).asnumpy().tolist() == [-1]


def test_teststore():
    store = mx.kv.create("teststore")
    assert isinstance(store, mx.kv.base.TestStore)
    assert (store.type, store.rank, store.num_workers) == ("teststore", 0, 1)
    assert not store.is_capable("optimizer")
    with pytest.raises(ValueError, match="capability='speed'"):
        store.is_capable("speed")
    first, second = mx.nd.zeros(2), mx.nd.zeros(2, ctx=mx.cpu(1))
    store.broadcast("a", mx.nd.ones(2), [first, second])
    store.pushpull("a", [first, second])
    assert (first.asnumpy() == 2).all() and (second.asnumpy() == 2).all()
    store.pushpull("a", [first, second], out=first)
    assert (first.asnumpy() == 4).all() and (second.asnumpy() == 2).all()


def test_names_of_stores_in_capital_letters():
    assert mx.kv.create("LOCAL").type == "local"


def test_compression_within_one_machine():
    with pytest.raises(mx.MXNetError, match="store local compresses nothing"):
        mx.kv.create("local").set_gradient_compression({"type": "2bit"})
    store = mx.kv.create("device")
    store.set_gradient_compression({"type": "2bit", "threshold": 0.5})
    with pytest.raises(ValueError, match="type='3bit'"):
        store.set_gradient_compression({"type": "3bit"})


def test_questions_and_pulls_without_meaning():
    store = mx.kv.create("local")
    store.init("a", mx.nd.array(np.ones(2)))
    assert store.is_capable("Optimizer")
    with pytest.raises(ValueError, match="capability='speed'"):
        store.is_capable("speed")
    with pytest.raises(AssertionError, match="out is missing"):
        store.pull("a")
