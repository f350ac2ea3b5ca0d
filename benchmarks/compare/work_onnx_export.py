"""One export of a network of the model zoo as an ONNX file, under Remx or MXNet 1.9.1.

usage: python work_onnx_export.py prepare FOLDER NAME
       python work_onnx_export.py export FOLDER NAME

1.9.1 needs the package onnx of at most 1.13. The first call writes the network with random
parameters, which both programs read. The second one prints the export's processor time (ms), the
largest memory beyond that of the program itself, the size of the parameters and that of the ONNX
file (MiB).
"""

import os
import resource
import sys
import time

import numpy as np
from timing import report

import mxnet as mx


def size_of(name):
    return 299 if name.startswith("inception") else 224


def prepare(folder, name):
    net = mx.gluon.model_zoo.vision.get_model(name)
    net.initialize(mx.init.Xavier())
    net.hybridize()
    net(mx.nd.zeros((1, 3, size_of(name), size_of(name)))).wait_to_read()
    net.export(f"{folder}/{name}")


def most_memory():
    """MiB of the process at its largest."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def export(folder, name):
    prefix, target = f"{folder}/{name}", f"{folder}/{name}-{os.getpid()}.onnx"
    import onnx  # noqa: F401  its memory is that of the program

    before, start, work = most_memory(), time.perf_counter(), time.process_time()
    shape = (1, 3, size_of(name), size_of(name))
    mx.onnx.export_model(
        f"{prefix}-symbol.json", f"{prefix}-0000.params", [shape], np.float32, target
    )
    value = 1e3 * (time.process_time() - work)
    report(
        f"export {name}",
        "ms",
        value,
        wall=1e3 * (time.perf_counter() - start),
        memory=most_memory() - before,
        parameters=os.path.getsize(f"{prefix}-0000.params") / 2**20,
        file=os.path.getsize(target) / 2**20,
    )
    os.remove(target)


if __name__ == "__main__":
    {"prepare": prepare, "export": export}[sys.argv[1]](*sys.argv[2:])
