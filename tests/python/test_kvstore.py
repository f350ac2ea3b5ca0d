"""The key-value store of one machine."""

import pytest

import mxnet as mx


def filled(value, count=2):
    return [mx.nd.full((2,), value) for _ in range(count)]


def pulled(store, key):
    out = filled(0.0)
    store.pull(key, out=out)
    assert out[0].asnumpy().tolist() == out[1].asnumpy().tolist()
    return out[0].asnumpy().tolist()


@pytest.mark.parametrize("name", ["local", "device"])
def test_push_adds_up_and_replaces(name):
    store = mx.kv.create(name)
    assert (store.type, store.rank, store.num_workers) == (name, 0, 1)
    store.init("w", mx.nd.ones(2))
    assert pulled(store, "w") == [1, 1]
    store.push("w", filled(3.0))
    assert pulled(store, "w") == [6, 6]


def test_keys_in_lists():
    store = mx.kv.create()
    store.init([3, 5], [mx.nd.ones(2), mx.nd.zeros(2)])
    store.push([3, 5], [filled(1.0), filled(4.0, 1)])
    assert (pulled(store, 3), pulled(store, 5)) == ([2, 2], [4, 4])


def test_pushpull_and_broadcast():
    store = mx.kv.create()
    out = filled(0.0)
    store.broadcast("w", mx.nd.ones(2), out=out)
    assert out[1].asnumpy().tolist() == [1, 1]
    values = filled(3.0)
    store.pushpull("w", values)
    assert values[0].asnumpy().tolist() == [6, 6]


def test_optimizer_updates_what_is_stored(tmp_path):
    store = mx.kv.create()
    store.init("w", mx.nd.ones(2))
    store.set_optimizer(mx.optimizer.SGD(learning_rate=0.1, momentum=0.5))
    assert store.is_capable("optimizer")
    store.push("w", filled(1.0))
    assert pulled(store, "w") == pytest.approx([0.8, 0.8])
    fname = str(tmp_path / "states")
    store.save_optimizer_states(fname)
    store.push("w", filled(0.0))
    assert pulled(store, "w") == pytest.approx([0.7, 0.7])
    store.load_optimizer_states(fname)
    store.push("w", filled(0.0))
    assert pulled(store, "w") == pytest.approx([0.6, 0.6])


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda store: mx.kv.create("lokal"), "name='lokal' is unknown.*local"),
        (lambda store: store.init("w", mx.nd.ones(2)), "key 'w' has a value"),
        (lambda store: store.pull("v", out=filled(0.0)), "key 'v' has no value"),
        (lambda store: store.push(["w"], []), "1 keys and 0 values"),
        (lambda store: store.save_optimizer_states("x"), "the store has no optimizer"),
    ],
)
def test_errors(call, message):
    store = mx.kv.create()
    store.init("w", mx.nd.ones(2))
    with pytest.raises(ValueError, match=message) as caught:
        call(store)
    assert isinstance(caught.value, mx.MXNetError)


def test_own_store():
    @mx.kvstore.KVStoreBase.register
    class Elsewhere(mx.kvstore.KVStoreBase):
        type = "elsewhere"

    assert isinstance(mx.kv.create("elsewhere"), Elsewhere)
    with pytest.raises(NotImplementedError, match="Elsewhere does not define pushpull"):
        mx.kv.create("elsewhere").pushpull("w", [])
