"""A store whose ranks do not wait: the slow last one comes when the others have long made steps."""

import time

import numpy as np

import mxnet as mx

STEPS, SLEEP, CUT = 20, 3.0, (300, 1000)


def main():
    store = mx.kv.create("dist_async")
    rank, ranks = store.rank, store.num_workers
    store.set_optimizer(mx.optimizer.SGD(learning_rate=1.0))
    store.init(["a", "cut"], [mx.nd.zeros((2,)), mx.nd.zeros(CUT)])
    store.init("rows", mx.nd.zeros((4, 2)).tostype("row_sparse"))
    out, large = mx.nd.zeros((2,)), mx.nd.zeros(CUT)
    begin = time.monotonic()
    if rank == ranks - 1:
        time.sleep(SLEEP)
    before = 0
    for _ in range(STEPS):
        store.push(["a", "cut"], [mx.nd.ones((2,)), mx.nd.ones(CUT)])
        store.pull(["a", "cut"], out=[out, large])
        # At least this rank's own push has arrived.
        assert out.asnumpy()[0] <= before - 1
        before = out.asnumpy()[0]
    if rank != ranks - 1:
        assert time.monotonic() - begin < SLEEP, "a rank waited for the slow one"
    ones = np.ones((1, 2), dtype="float32")
    store.push("rows", mx.nd.sparse.row_sparse_array((ones, [rank]), shape=(4, 2)))
    store.barrier()
    store.pull(["a", "cut"], out=[out, large])
    assert (out.asnumpy() == -STEPS * ranks).all()
    assert (large.asnumpy() == -STEPS * ranks).all()
    rows = mx.nd.zeros((4, 2)).tostype("row_sparse")
    store.row_sparse_pull("rows", out=rows, row_ids=mx.nd.arange(4))
    assert rows.asnumpy()[:ranks].tolist() == [[-1, -1]] * ranks
    print(f"rank {rank} of {ranks} is content")


main()
