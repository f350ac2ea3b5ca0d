"""Times the operators of the test tables, on the shapes that their cases name in ``bench``.

usage: PYTHONPATH=build/release/python python benchmarks/op/time_tables.py [FILE ...]

Runs under MXNet 1.9.1 too, as the tables use the public interface only: run it with both and
compare. Prints microseconds for each operator and shape: the median of several batches.
"""

from __future__ import annotations

import importlib.util
import pathlib
import statistics
import sys
import time

import numpy as np

import mxnet as mx

TABLES = pathlib.Path(__file__).parents[2] / "tests" / "ops"


def main(files):
    sys.path.insert(0, str(TABLES))
    for path in files or sorted(TABLES.rglob("test_*.py")):
        spec = importlib.util.spec_from_file_location(pathlib.Path(path).stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for tests in list(vars(module).values()):
            for case in getattr(tests, "cases", ()):
                for shapes in case.bench:
                    text = " ".join(map(str, shapes))
                    print(f"{case.op:24} {text:40} {microseconds(case, shapes):12.1f}", flush=True)


def microseconds(case, shapes):
    from harness import run

    random = np.random.default_rng(1)
    function = run.function(mx.nd, case.op)
    inputs = [mx.nd.array(random.uniform(0.5, 1.5, size=s).astype("float32")) for s in shapes]
    count, batches = 1, []
    while len(batches) < 7:
        mx.nd.waitall()
        start = time.perf_counter()
        for _ in range(count):
            function(*inputs, **case.attrs)
        mx.nd.waitall()
        spent = time.perf_counter() - start
        if spent < 0.02:
            count *= 2
            continue
        batches.append(spent / count)
    return statistics.median(batches) * 1e6


if __name__ == "__main__":
    main(sys.argv[1:])
