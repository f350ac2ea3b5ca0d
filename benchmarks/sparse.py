"""Sparse arrays beside MXNet 1.9.1 and SciPy, as milliseconds and ratios.

    PYTHONPATH=build/release/python python benchmarks/sparse.py \
        [--oracle-python MX191/bin/python] [--scipy-python PYTHON] [--only dot ...] [--rounds 3]

Every program runs in a process of its own, with 2 threads; they take turns, and each figure is the
least of the rounds' medians. The rows `table` have a table of 10^7 rows of 64 numbers, of which a
step touches 1000, and take 8 GB of memory. `--rows 1000000` makes the table smaller: times of what
never walks it stay.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np

WIDTH, TOUCHED = 64, 1000
# 1.9.1 takes shapes of less than 2^31 elements.
MATRICES = {"1%": (8192, 65536, 655), "0.01%": (32000, 65536, 7)}


def parts(rows, columns, each, seed=0):
    """Data, indices and indptr of a random matrix with `each` elements in a row."""
    step = columns // each
    random = np.random.default_rng(seed)
    indices = np.arange(each) * step + random.integers(0, step, (rows, each))
    data = random.normal(size=rows * each).astype("float32")
    return data, indices.reshape(-1), np.arange(rows + 1) * each


def dense(rows, columns=WIDTH):
    return np.random.default_rng(1).normal(size=(rows, columns)).astype("float32")


def scipy_works(options):
    """Functions by name; each does the work once."""
    from scipy import sparse

    for name, (rows, columns, each) in MATRICES.items():
        a = sparse.csr_matrix(parts(rows, columns, each), (rows, columns))
        b = sparse.csr_matrix(parts(rows, columns, each, 2), (rows, columns))
        right, left, column = dense(columns), dense(rows), dense(rows, 1)
        vector = dense(columns, 1)
        yield f"dot {name}", lambda a=a, x=right: a @ x
        yield f"dot transposed {name}", lambda a=a, x=left: a.T @ x
        yield f"dot vector {name}", lambda a=a, x=vector: a @ x
        yield f"add {name}", lambda a=a, b=b: a + b
        yield f"multiply {name}", lambda a=a, b=b: a.multiply(b)
        yield f"multiply column {name}", lambda a=a, x=column: a.multiply(x).tocsr()
        yield f"scale {name}", lambda a=a: a * 2
        yield f"square {name}", lambda a=a: a.power(2)
        yield f"sum axis=0 {name}", lambda a=a: a.sum(axis=0)
        yield f"sum axis=1 {name}", lambda a=a: a.sum(axis=1)
        yield f"slice rows {name}", lambda a=a, n=rows // 2: a[:n]


def mxnet_works(options):
    import mxnet as mx
    from mxnet import nd

    sparse = nd.sparse
    for name, (rows, columns, each) in MATRICES.items():
        a = sparse.csr_matrix(parts(rows, columns, each), shape=(rows, columns))
        b = sparse.csr_matrix(parts(rows, columns, each, 2), shape=(rows, columns))
        right, left = nd.array(dense(columns)), nd.array(dense(rows))
        column, vector = nd.array(dense(rows, 1)), nd.array(dense(columns, 1))
        yield f"dot {name}", lambda a=a, x=right: sparse.dot(a, x)
        yield f"dot transposed {name}", lambda a=a, x=left: sparse.dot(a, x, transpose_a=True)
        yield f"dot vector {name}", lambda a=a, x=vector: sparse.dot(a, x)
        yield f"add {name}", lambda a=a, b=b: sparse.elemwise_add(a, b)
        yield f"multiply {name}", lambda a=a, b=b: sparse.elemwise_mul(a, b)
        yield f"multiply column {name}", lambda a=a, x=column: sparse.broadcast_mul(a, x)
        yield f"scale {name}", lambda a=a: a * 2
        yield f"square {name}", lambda a=a: sparse.square(a)
        yield f"sum axis=0 {name}", lambda a=a: sparse.sum(a, axis=0)
        yield f"sum axis=1 {name}", lambda a=a: sparse.sum(a, axis=1)
        yield f"slice rows {name}", lambda a=a, n=rows // 2: a[:n]
    yield from table_works(mx, options)


def table_works(mx, options):
    """Steps that touch few rows of a large table."""
    nd, sparse = mx.nd, mx.nd.sparse
    numbers = np.sort(np.random.default_rng(3).choice(options.rows, TOUCHED, replace=False))
    gradient = sparse.row_sparse_array(
        (dense(TOUCHED), numbers), shape=(options.rows, WIDTH), dtype="float32"
    )
    weight, mean, variance = (nd.zeros((options.rows, WIDTH)) for _ in range(3))

    def adam():
        sparse.adam_update(weight, gradient, mean, variance, lr=0.01, out=weight)

    yield "table adam", adam
    ids = nd.array(numbers)
    weight.attach_grad(stype="row_sparse")

    def train():
        with mx.autograd.record():
            loss = nd.Embedding(
                ids, weight, input_dim=options.rows, output_dim=WIDTH, sparse_grad=True
            ).sum()
        loss.backward()
        sparse.adam_update(weight, weight.grad, mean, variance, lr=0.01, out=weight)

    yield "table embedding step", train


def milliseconds(work, wait):
    work(), wait()  # memory of the first time
    times = []
    end = time.perf_counter() + 0.7
    while len(times) < 3 or (time.perf_counter() < end and len(times) < 50):
        begin = time.perf_counter()
        work(), wait()
        times.append((time.perf_counter() - begin) * 1e3)
    return statistics.median(times)


def run(options):
    if options.program == "scipy":
        works, wait = scipy_works(options), lambda: None
    else:
        import mxnet as mx

        works, wait = mxnet_works(options), mx.nd.waitall
    results = {}
    for name, work in works:
        if all(word in name for word in options.only):
            results[name] = milliseconds(work, wait)
    print(json.dumps(results))


def in_process(program, python, arguments):
    environment = {**os.environ, "OMP_NUM_THREADS": "2"}
    if program == "1.9.1":
        environment.pop("PYTHONPATH", None)
        environment["MXNET_SUBGRAPH_BACKEND"] = "NONE"
    command = [python, __file__, "--program", program, *arguments]
    return json.loads(
        subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        ).stdout.splitlines()[-1]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--oracle-python")
    parser.add_argument("--scipy-python", default=sys.executable)
    parser.add_argument("--only", nargs="*", default=[], help="words of the names")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--program", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.program:
        return run(options)
    programs = {"1.9.1": options.oracle_python, "scipy": options.scipy_python}
    programs = {
        **{name: python for name, python in programs.items() if python},
        "remx": sys.executable,
    }
    arguments = ["--rows", str(options.rows), "--only", *options.only]
    best = {program: {} for program in programs}
    for _ in range(options.rounds):
        for program, python in programs.items():
            for name, value in in_process(program, python, arguments).items():
                best[program][name] = min(value, best[program].get(name, value))
    print(f"{'milliseconds':26}" + "".join(f"{p:>10}" for p in programs) + f"{'to best':>10}")
    for name, ours in best["remx"].items():
        values = [best[program].get(name) for program in programs]
        others = [v for v in values[:-1] if v is not None]
        ratio = f"{ours / min(others):10.2f}" if others else ""
        print(
            f"{name:26}" + "".join(" " * 10 if v is None else f"{v:10.3f}" for v in values) + ratio
        )


if __name__ == "__main__":
    main()
