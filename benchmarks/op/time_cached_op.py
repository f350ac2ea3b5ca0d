"""Times the calls of a hybridized network so small that only the cost of calling shows.

usage: PYTHONPATH=build/release/python python benchmarks/op/time_cached_op.py [COUNT]

Runs under MXNet 1.9.1 too, as it uses the public interface only: run it with both and compare.
Prints microseconds for a prediction, and for a recorded call with backward, of a dense layer that
makes 10 x 10 numbers of 10 x 10: the median of several batches. With COUNT nothing is timed, and
each runs that many times: for counting instructions with valgrind --tool=callgrind.
"""

from __future__ import annotations

import statistics
import sys
import time

import mxnet as mx


def calls():
    data = mx.sym.var("data")
    op = mx.nd.CachedOp(
        mx.sym.FullyConnected(data, num_hidden=10, name="fc"),
        (("data_indices", "[0]"), ("param_indices", "[1, 2]")),
    )
    x, weight, bias = mx.nd.ones((10, 10)), mx.nd.ones((10, 10)), mx.nd.ones((10,))
    weight.attach_grad()
    bias.attach_grad()

    def predict():
        op(x, weight, bias)

    def train():
        with mx.autograd.record():
            y = op(x, weight, bias)
        y.backward()

    return {"predict": predict, "record and backward": train}


def microseconds(function):
    count, batches = 100, []
    while len(batches) < 15:
        mx.nd.waitall()
        start = time.perf_counter()
        for _ in range(count):
            function()
        mx.nd.waitall()
        batches.append((time.perf_counter() - start) / count * 1e6)
    return statistics.median(batches)


def main(arguments):
    for name, function in calls().items():
        if arguments:
            for _ in range(int(arguments[0])):
                function()
            mx.nd.waitall()
        else:
            print(f"{name:20} {microseconds(function):8.2f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
