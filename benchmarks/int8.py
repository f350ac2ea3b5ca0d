"""Time of networks in int8 against the same in float32, interleaved, as ratios of CPU time.

    PYTHONPATH=build/release/python python benchmarks/int8.py [--networks resnet50 ...] [--batch 1]

With ``--onnxruntime`` the float32 network is quantized and timed by ONNX Runtime too, where
`onnx`, `onnxruntime` and the export of this library are there. Networks have random parameters.
CPU time of the process is measured, so that other work on the machine disturbs ratios little.
"""

import argparse
import statistics
import time

import numpy as np

import mxnet as mx
from mxnet.contrib import quantization
from mxnet.gluon.model_zoo import vision

NETWORKS = {
    "resnet50": lambda: vision.resnet50_v1(),
    "resnet18": lambda: vision.resnet18_v1(),
    "mobilenet": lambda: vision.mobilenet1_0(),
    "squeezenet": lambda: vision.squeezenet1_0(),
}


def symbol_of(name):
    """Symbol, parameters and states of a network of the zoo."""
    net = NETWORKS[name]()
    net.initialize(mx.init.MSRAPrelu(factor_type="in", slope=0))
    net(mx.nd.zeros((1, 3, 224, 224)))
    sym = net(mx.sym.var("data"))
    values = {key: each.data() for key, each in net.collect_params().items()}
    states = set(sym.list_auxiliary_states())
    arguments = {key: value for key, value in values.items() if key not in states}
    return sym, arguments, {key: values[key] for key in states}


def runner(model, data):
    """A function that predicts once."""
    module = mx.mod.Module(model[0], label_names=None)
    module.bind([("data", data.shape)], for_training=False)
    module.set_params(*model[1:])
    batch = mx.io.DataBatch([mx.nd.array(data)])

    def run():
        module.forward(batch, is_train=False)
        return module.get_outputs()[0].asnumpy()

    return run


def cpu_seconds(run):
    before = time.process_time()
    run()
    return time.process_time() - before


def quantized(model, data, dtype):
    rows = mx.io.NDArrayIter(data, None, batch_size=len(data))
    options = {"calib_mode": "naive", "calib_data": rows, "label_names": None}
    return quantization.quantize_model(*model, quantized_dtype=dtype, **options)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--networks", nargs="+", default=list(NETWORKS), choices=list(NETWORKS))
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--dtype", default="auto", choices=["int8", "uint8", "auto"])
    arguments = parser.parse_args()
    for name in arguments.networks:
        model = symbol_of(name)
        shape = (arguments.batch, 3, 224, 224)
        data = np.random.RandomState(0).rand(*shape).astype("float32")
        runs = [runner(model, data), runner(quantized(model, data, arguments.dtype), data)]
        plain, whole = (run() for run in runs)  # compiles
        times = [[cpu_seconds(run) for run in runs] for _ in range(arguments.rounds)]
        medians = [statistics.median(column) for column in zip(*times)]
        ratio = statistics.median(b / a for a, b in times)
        error = np.abs(plain - whole).max() / np.abs(plain).max()
        print(
            f"{name} batch {arguments.batch}: float32 {medians[0] * 1e3:.1f} ms, "
            f"int8 {medians[1] * 1e3:.1f} ms of CPU time, ratio {ratio:.2f}; "
            f"largest difference {error:.3f} of the largest score"
        )


if __name__ == "__main__":
    main()
