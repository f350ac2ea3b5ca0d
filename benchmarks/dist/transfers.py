"""Times of push and pull of one key by its size: transfers.py [REPEATS]; rank 0 prints.

The line through the shortest times gives the latency and the bytes per second of the cost model in
docs/scaling.md.
"""

import sys
import time

import numpy as np

import mxnet as mx

SIZES = [1, 1_000, 10_000, 100_000, 1_000_000, 4_000_000, 16_000_000]


def measure(store, size, repeats):
    gradient, out = mx.nd.ones((size,)), mx.nd.zeros((size,))
    store.init(size, out)
    times = []
    for _ in range(repeats):
        store.barrier()
        begin = time.perf_counter()
        store.push(size, gradient)
        store.pull(size, out=out)
        out.wait_to_read()
        times.append(1000 * (time.perf_counter() - begin))
    return times


def main(repeats):
    store = mx.kv.create("dist_sync")
    shortest = []
    for size in SIZES:
        times = measure(store, size, repeats)
        shortest.append(min(times))
        if store.rank == 0:
            print(
                f"{4 * size:>10} bytes  least {min(times):8.3f} ms  median {np.median(times):8.3f}"
            )
    share = 2 * (store.num_workers - 1) / store.num_workers
    moved = [4 * size * share for size in SIZES]
    slope, latency = np.polyfit(moved, shortest, 1, w=1 / np.array(shortest))
    if store.rank == 0:
        print(f"latency {latency:.3f} ms, {1e-6 / slope:.2f} GB/s in each direction")


main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
