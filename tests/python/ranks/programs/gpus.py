"""Stores whose arrays are on GPUs: gpus.py STORE; every rank checks it."""

import sys

import numpy as np

import mxnet as mx

CUT = (300, 1000)  # large enough to be cut into parts
GPUS = [mx.gpu(0), mx.gpu(1)]


def on_gpus(value):
    """The value on each GPU."""
    return [mx.nd.array(value).as_in_context(gpu) for gpu in GPUS]


def main(name):
    store = mx.kv.create(name)
    rank, ranks = store.rank, store.num_workers
    numbers = np.arange(300_000, dtype="float32").reshape(CUT)
    for key, value in (("small", np.full((2, 3), 5, "float32")), ("cut", numbers)):
        store.init(key, on_gpus(value)[0])
        outs = on_gpus(np.zeros_like(value))
        store.pull(key, out=outs)
        for step in range(3):
            # GPU d of rank r brings r + d + 1 + step times the value.
            grads = [
                mx.nd.array(value * (rank + d + 1 + step)).as_in_context(gpu)
                for d, gpu in enumerate(GPUS)
            ]
            store.push(key, grads)
            store.pull(key, out=outs)
            factor = sum(r + d + 1 + step for r in range(ranks) for d in range(2))
            for gpu, out in zip(GPUS, outs):
                assert out.context == gpu
                np.testing.assert_allclose(out.asnumpy(), value * factor, rtol=1e-6)
    whole = mx.nd.zeros(CUT)
    if name != "nccl":
        store.pull("cut", out=whole)  # to the host
        np.testing.assert_array_equal(whole.asnumpy(), outs[0].asnumpy())
        store.barrier()
    print(f"rank {rank} of {ranks} is content")


main(*sys.argv[1:])
