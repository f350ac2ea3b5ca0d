"""What a store of several ranks keeps, adds up and hands out; every rank checks it."""

import numpy as np

import mxnet as mx

CUT = (300, 1000)  # large enough to be cut into parts


def check_steps(store, rank, ranks):
    store.init("small", mx.nd.ones((2, 3)) * (rank + 5))
    store.init(["cut", "half"], [mx.nd.ones(CUT), mx.nd.ones((4,), dtype="float16")])
    out = mx.nd.zeros((2, 3))
    store.pull("small", out=out)
    assert out.asnumpy().tolist() == [[5] * 3] * 2, "the value of rank 0 counts"
    numbers = np.arange(300_000, dtype="float32").reshape(CUT)
    grads = [mx.nd.ones((2, 3)) * (rank + 1), mx.nd.array(numbers) * (rank + 1)]
    halves = mx.nd.ones((4,), dtype="float16") * rank
    outs = [mx.nd.zeros((2, 3)), mx.nd.zeros(CUT), mx.nd.zeros((4,), dtype="float16")]
    total = ranks * (ranks + 1) // 2
    for _ in range(3):
        store.push(["small", "cut", "half"], [*grads, halves])
        store.pull(["small", "cut", "half"], out=outs)
    assert (outs[0].asnumpy() == total).all()
    assert (outs[1].asnumpy() == numbers * total).all()
    assert (outs[2].asnumpy() == total - ranks).all()


def check_devices(store, rank, ranks):
    """Several devices in each rank, and one call for push and pull."""
    arrays = [mx.nd.ones((5,)) * (rank + device) for device in range(2)]
    outs = [mx.nd.zeros((5,)) for _ in range(2)]
    store.broadcast("devices", mx.nd.zeros((5,)), out=outs)
    store.pushpull("devices", arrays, out=outs)
    expected = sum(2 * r + 1 for r in range(ranks))
    assert all((out.asnumpy() == expected).all() for out in outs)


def check_order(store, rank, ranks):
    """Sums are taken in the order of the ranks."""
    values = [1e8, 1.0, -1e8, 1.0][:ranks]
    out = mx.nd.zeros((2,))
    store.init("order", out)
    store.push("order", mx.nd.full((2,), values[rank]))
    store.pull("order", out=out)
    expected = np.float32(0)
    for value in values:
        expected = np.float32(expected + np.float32(value))
    assert (out.asnumpy() == expected).all()


def check_optimizer(store, rank, ranks):
    """The sum of all ranks' gradients updates once, cut or whole."""
    for shape in ((3,), CUT):
        key, out = f"trained{shape}", mx.nd.zeros(shape)
        store.init(key, mx.nd.ones(shape))
        for _ in range(2):
            store.push(key, mx.nd.ones(shape) * (rank + 1))
        store.pull(key, out=out)
        weight, momentum, grad = 1.0, 0.0, ranks * (ranks + 1) // 2
        for _ in range(2):
            momentum = 0.5 * momentum - 0.25 * grad
            weight += momentum
        np.testing.assert_allclose(out.asnumpy(), weight, rtol=1e-6)


def check_updater(store, rank, ranks):
    """A function of the user gets whole arrays, and keys that were cut before are joined."""
    store.init("joined", mx.nd.ones(CUT))
    shapes = []

    def update(key, received, stored):
        shapes.append((key, received.shape, stored.shape))
        stored += received.sum()

    store._set_updater(update)
    store.push("joined", mx.nd.ones(CUT))
    out = mx.nd.zeros(CUT)
    store.pull("joined", out=out)
    assert (out.asnumpy() == 1 + ranks * 300_000).all()
    assert shapes in ([], [("joined", CUT, CUT)])


def main():
    store = mx.kv.create("dist_sync")
    rank, ranks = store.rank, store.num_workers
    assert store.type == "dist_sync"
    for check in (check_steps, check_devices, check_order):
        check(store, rank, ranks)
    store = mx.kv.create("dist_device_sync")
    store.set_optimizer(mx.optimizer.SGD(learning_rate=0.25, momentum=0.5))
    check_optimizer(store, rank, ranks)
    check_updater(store, rank, ranks)
    store.barrier()
    print(f"rank {rank} of {ranks} is content")


main()
