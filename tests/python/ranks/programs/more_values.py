"""Compression, row-sparse keys and optimizer states of several ranks; every rank checks it."""

import sys

import numpy as np

import mxnet as mx

CUT = (300, 1000)

# What a store of MXNet 1.9.1 for two devices gives with a threshold of 0.5.
TWO_BIT = [
    [0.5, 0.0, 0.5, 0.5, 1.0, -0.5, 0.5],
    [0.5, 0.0, 0.5, 1.0, 0.0, -0.5, -0.5],
    [0.5, 1.0, 1.0, 0.5, 0.0, -0.5, -1.0],
    [0.0, 0.5, 0.0, 0.0, -1.0, 0.0, -0.5],
]


def check_two_bit(rank, ranks):
    store = mx.kv.create("dist_sync")
    store.set_gradient_compression({"type": "2bit", "threshold": 0.5})
    out = mx.nd.zeros((7,))
    store.init("a", out)
    rng = np.random.RandomState(0)
    for expected in TWO_BIT:
        grads = [mx.nd.array(rng.randn(7).astype("float32") * 0.6) for _ in range(2)]
        store.push("a", grads[rank] if rank < 2 else mx.nd.zeros((7,)))
        store.pull("a", out=out)
        assert out.asnumpy().tolist() == expected
    store.init("cut", mx.nd.zeros(CUT))
    store.push("cut", mx.nd.ones(CUT) * 0.75)
    out = mx.nd.zeros(CUT)
    store.pull("cut", out=out)
    assert (out.asnumpy() == 0.5 * ranks).all()


def check_halves(rank, ranks):
    for kind, exact in (("fp16", 2.0**-11), ("bf16", 2.0**-8)):
        store = mx.kv.create("dist_sync")
        store.set_gradient_compression({"type": kind})
        store.init("a", mx.nd.zeros((2,)))
        # The second number is lost on the way: it is below the smallest step from 1.
        store.push("a", mx.nd.array([rank + 1, 1 + exact / 2]))
        out = mx.nd.zeros((2,))
        store.pull("a", out=out)
        assert out.asnumpy().tolist() == [ranks * (ranks + 1) / 2, ranks]


def check_rows(store, rank, ranks):
    """Every rank brings row `rank` and the last one."""
    value = mx.nd.ones((6, 2)).tostype("row_sparse")
    store.init("rows", value)
    rows = mx.nd.sparse.row_sparse_array(
        (np.full((2, 2), rank + 1.0, "float32"), np.array([rank, 5])), shape=(6, 2)
    )
    store.push("rows", rows)
    # As in 1.9.1 the sum takes the place of what is there.
    expected = np.zeros((6, 2))
    for r in range(ranks):
        expected[[r, 5]] += r + 1
    out = mx.nd.zeros((6, 2)).tostype("row_sparse")
    store.row_sparse_pull("rows", out=out, row_ids=mx.nd.array([rank, 5]))
    assert out.indices.asnumpy().tolist() == [rank, 5]
    assert (out.asnumpy()[[rank, 5]] == expected[[rank, 5]]).all()
    everything = mx.nd.zeros((6, 2)).tostype("row_sparse")
    store.pull("rows", out=everything, ignore_sparse=False)
    assert (everything.asnumpy() == expected).all()
    dense = mx.nd.zeros((6, 2))
    store.pull("rows", out=dense)
    assert (dense.asnumpy() == expected).all()


def train(store, keys, steps):
    for step in range(steps):
        for key, shape in keys.items():
            store.push(key, mx.nd.ones(shape) * (store.rank + 1 + step))
    outs = {key: mx.nd.zeros(shape) for key, shape in keys.items()}
    store.pull(list(keys), out=list(outs.values()))
    return {key: out.asnumpy() for key, out in outs.items()}


def check_states(rank, ranks, path):
    """What is saved goes on as if nothing had been, and a single process can read it."""
    keys = {"small": (3,), "cut": CUT, "other": (5,), "third": (4,)}

    def make():
        store = mx.kv.create("dist_sync")
        store.set_optimizer(mx.optimizer.Adam(learning_rate=0.1))
        store.init(list(keys), [mx.nd.ones(shape) for shape in keys.values()])
        return store

    whole, first, second = make(), make(), make()
    train(first, keys, 2)
    first.save_optimizer_states(path, dump_optimizer=True)
    updater = mx.optimizer.get_updater(mx.optimizer.Adam())
    with open(path, "rb") as stream:
        updater.set_states(stream.read())
    assert {key: state[0].shape for key, state in updater.states.items()} == keys
    for key in keys:
        second._assign(key, mx.nd.array(train(first, {key: keys[key]}, 0)[key]))
    second.load_optimizer_states(path)
    train(whole, keys, 2)
    expected, found = train(whole, keys, 2), train(second, keys, 2)
    for key in keys:
        np.testing.assert_array_equal(found[key], expected[key])
    try:
        second.load_optimizer_states(path + ".missing")
    except OSError:
        pass
    else:
        raise AssertionError("a missing file was read")


def check_commands(store, rank, ranks):
    got = []
    store.set_controller(lambda head, body: got.append((head, body)))
    store._send_command_to_servers(7, f"from {rank}")
    assert got == [(7, "from 0")]
    assert store.get_num_dead_node(0) == 0


def main(path):
    store = mx.kv.create("dist_sync")
    rank, ranks = store.rank, store.num_workers
    check_two_bit(rank, ranks)
    check_halves(rank, ranks)
    check_rows(store, rank, ranks)
    check_states(rank, ranks, path)
    check_commands(store, rank, ranks)
    print(f"rank {rank} of {ranks} is content")


main(sys.argv[1])
