"""Products and factorizations in the Python that runs it: Remx, NumPy or PyTorch.

usage: python work_linear_algebra.py remx|numpy|torch

Reads names of rows and answers each with the least milliseconds of a call, or null where the
program does not compute it.
"""

from __future__ import annotations

import json
import os
import sys
import time

import numpy as np

FACTORIZATIONS = ("potrf", "syevd", "gelqf")
SECONDS = 0.4  # for one row


def rows():
    """Names of all rows."""
    products = [f"dot {dtype} {n}" for dtype in ("float32", "bfloat16") for n in (256, 1024, 4096)]
    batched = ["batch_dot float32 96x128x64x128", "batch_dot float32 12x512x64x512"]
    factors = [
        f"{name} {dtype} {n}"
        for name in FACTORIZATIONS
        for dtype in ("float32", "float64")
        for n in (64, 512, 2048)
    ]
    return products + batched + factors


def arrays_of(name, dtype, size):
    """NumPy arrays that a row works on; bfloat16 is made of float32 by the programs."""
    random = np.random.RandomState(0)
    dtype = "float32" if dtype == "bfloat16" else dtype
    if name == "batch_dot":
        count, m, k, n = (int(number) for number in size.split("x"))
        shapes = [(count, m, k), (count, k, n)]
    else:
        shapes = [(int(size), int(size))] * (2 if name == "dot" else 1)
    arrays = [random.normal(size=shape).astype(dtype) for shape in shapes]
    if name == "potrf":
        return [arrays[0] @ arrays[0].T + int(size) * np.eye(int(size), dtype=dtype)]
    if name == "syevd":
        return [arrays[0] + arrays[0].T]
    return arrays


def remx(name, dtype, size):
    import mxnet as mx

    functions = {
        "dot": mx.nd.dot,
        "batch_dot": mx.nd.batch_dot,
        "potrf": mx.nd.linalg.potrf,
        "syevd": mx.nd.linalg.syevd,
        "gelqf": mx.nd.linalg.gelqf,
    }
    arrays = [mx.nd.array(a, dtype=a.dtype) for a in arrays_of(name, dtype, size)]
    if dtype == "bfloat16":
        arrays = [mx.nd.amp_cast(a, dtype="bfloat16") for a in arrays]

    def call():
        out = functions[name](*arrays)
        for each in out if isinstance(out, (list, tuple)) else [out]:
            each.wait_to_read()

    return call


def numpy(name, dtype, size):
    if dtype == "bfloat16":
        return None
    functions = {
        "dot": np.dot,
        "batch_dot": np.matmul,
        "potrf": np.linalg.cholesky,
        "syevd": np.linalg.eigh,
        "gelqf": lambda a: np.linalg.qr(a.T),
    }
    arrays = arrays_of(name, dtype, size)
    return lambda: functions[name](*arrays)


def torch(name, dtype, size):
    import torch

    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    functions = {
        "dot": torch.mm,
        "batch_dot": torch.bmm,
        "potrf": torch.linalg.cholesky,
        "syevd": torch.linalg.eigh,
        "gelqf": lambda a: torch.linalg.qr(a.T),
    }
    arrays = [torch.from_numpy(a) for a in arrays_of(name, dtype, size)]
    if dtype == "bfloat16":
        arrays = [a.bfloat16() for a in arrays]
    return lambda: functions[name](*arrays)


def least_ms(call):
    call()
    least, start = float("inf"), time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        begin = time.perf_counter()
        call()
        least = min(least, time.perf_counter() - begin)
    return least * 1e3


def main():
    program = {"remx": remx, "numpy": numpy, "torch": torch}[sys.argv[1]]
    for line in sys.stdin:
        call = program(*line.split())
        print(json.dumps(call and least_ms(call)), flush=True)


if __name__ == "__main__":
    main()
