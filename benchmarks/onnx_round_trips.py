"""Networks written to ONNX files and read back, beside what they were.

usage: PYTHONPATH=build/release/python python benchmarks/onnx_round_trips.py [NAME...]

For each network: milliseconds of the fastest prediction by the original and by the re-imported
graph, taken in turns, their ratio, that of the least processor time, whether both compile to the
same plan (else how many steps each has), the largest difference of outputs relative to the largest
number, and milliseconds and peak memory of the export. `--list` names them.
"""

import argparse
import importlib.util
import os
import pathlib
import resource
import sys
import tempfile
import time

import numpy as np

import mxnet as mx

ROOT = pathlib.Path(__file__).resolve().parents[1]


def _load(path):
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path.remove(str(path.parent))
    return module


ROUND_TRIPS = _load(ROOT / "tests" / "networks" / "round_trips.py")


def _bound(symbol, params, feeds):
    """An executor with all its arrays."""
    arrays = {name: mx.nd.array(value, dtype=value.dtype) for name, value in feeds.items()}
    arrays = {**params, **arrays}
    args = {name: arrays[name] for name in symbol.list_arguments()}
    auxs = {name: arrays[name] for name in symbol.list_auxiliary_states()}
    return symbol.bind(mx.cpu(), args, grad_req="null", aux_states=auxs)


def _milliseconds(executor):
    """Of a prediction, and of the processors' time for it."""
    start, work = time.perf_counter(), time.process_time()
    for each in executor.forward(is_train=False):
        each.wait_to_read()
    return 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - work)


def _pair(sides, number):
    """Times of both sides, of which each is the first one in turn."""
    order = (0, 1) if number % 2 else (1, 0)
    times = {i: _milliseconds(sides[i]) for i in order}
    return times[0], times[1]


def _times(sides, runs):
    """The fastest prediction of each side, of so many and of more where they are short.

    Returns:
        tuple of numpy.ndarray: Those times, and the least processors' time of each side.
    """
    times = [_pair(sides, number) for number in range(runs)]
    while len(times) < 20 * runs and np.sum(times) < 2000:
        times.append(_pair(sides, len(times)))
    times = np.array(times[1:])
    return times[..., 0].min(axis=0), times[..., 1].min(axis=0)


def _compared(sides):
    plans = [ROUND_TRIPS.plan(side) for side in sides]
    if plans[0] == plans[1]:
        return "the same"
    return f"{len(plans[0])} and {len(plans[1])} steps"


def measure(name, runs):
    """One row of the table."""
    symbol, params, feeds = ROUND_TRIPS.network(mx, name)
    mx.nd.waitall()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "net.onnx")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        ROUND_TRIPS.export(mx, symbol, params, feeds, path)
        export = 1000 * (time.perf_counter() - start)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        again, args, auxs = mx.contrib.onnx.import_model(path)
    sides = [_bound(symbol, params, feeds), _bound(again, {**args, **auxs}, feeds)]
    outputs = [[o.asnumpy() for o in side.forward(is_train=False)] for side in sides]
    gap = max(ROUND_TRIPS.difference(a, b) for a, b in zip(*outputs))
    plans = _compared(sides)
    (first, second), work = _times(sides, runs)
    size = sum(a.size * a.dtype.itemsize for a in map(_plain, params.values())) / 2**20
    print(
        f"| {name} | {first:.2f} | {second:.2f} | {second / first:.3f} "
        f"| {work[1] / work[0]:.3f} | {plans} | {gap:.1e} | {export:.0f} "
        f"| {grown:.0f} of {size:.0f} |",
        flush=True,
    )


def _plain(array):
    return np.empty(array.shape, array.dtype)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="networks; all by default")
    parser.add_argument("--runs", type=int, default=9, help="predictions of each side")
    parser.add_argument("--list", action="store_true", help="print the names")
    options = parser.parse_args()
    if options.list:
        print(" ".join(ROUND_TRIPS.NAMES))
        return
    heads = (
        "original ms, re-imported ms, ratio, of CPU time, plans, difference, export ms, MiB more"
    )
    print(f"| network | {' | '.join(heads.split(', '))} |")
    print("|---" * 9 + "|")
    for name in options.names or ROUND_TRIPS.NAMES:
        measure(name, options.runs)


if __name__ == "__main__":
    main()
