"""Time of networks in int8 against the same in float32, interleaved, as ratios of CPU time.

    PYTHONPATH=build/release/python python benchmarks/int8.py [--networks resnet50 ...] [--batch 1]

MXNet 1.9.1 runs the same program with its own Python; it then fuses and quantizes by its oneDNN
backend. With ``--onnxruntime`` the network is written as ONNX (`mx.onnx`),
quantized by ONNX Runtime with the same pictures, and timed in the same rounds; with ``--openvino``
OpenVINO runs that file, too. Both run in this Python, with spinning switched off. Networks have
random parameters. CPU time of the process is measured, so that other work on the machine disturbs
ratios little.
"""

import argparse
import os
import statistics
import tempfile
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
    """The network in int8. The backend is that of 1.9.1; Remx has nothing to do for it."""
    rows = mx.io.NDArrayIter(data, None, batch_size=len(data))
    options = {"calib_mode": "naive", "calib_data": rows, "label_names": None, "ctx": mx.cpu()}
    sym = model[0].get_backend_symbol("MKLDNN_QUANTIZE")
    made = quantization.quantize_model(sym, *model[1:], quantized_dtype=dtype, **options)
    return (made[0].get_backend_symbol("MKLDNN_QUANTIZE"), *made[1:])


def quantized_onnx(model, data, folder):
    """The path of the same network as ONNX, quantized by ONNX Runtime (QDQ)."""
    from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static

    class Pictures(CalibrationDataReader):
        def __init__(self):
            self.left = [{"data": data}]

        def get_next(self):
            return self.left.pop() if self.left else None

    symbol, args, aux = model
    path = f"{folder}/net.onnx"
    mx.onnx.export_model(symbol, {**args, **aux}, [data.shape], np.float32, path)
    types = {"activation_type": QuantType.QUInt8, "weight_type": QuantType.QInt8}
    whole = f"{folder}/net-int8.onnx"
    quantize_static(path, whole, Pictures(), per_channel=True, **types)
    return whole


def threads():
    return int(os.environ.get("OMP_NUM_THREADS", "2"))


def onnxruntime_runner(path, data):
    """A function that predicts once with ONNX Runtime."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])
    return lambda: session.run(None, {session.get_inputs()[0].name: data})[0]


def openvino_runner(path, data):
    """A function that predicts once with OpenVINO."""
    import openvino

    core = openvino.Core()
    model = core.read_model(path)
    model.reshape({model.inputs[0].any_name: list(data.shape)})
    settings = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": threads()}
    compiled = core.compile_model(model, "CPU", settings)
    return lambda: compiled([data])[0]


PEERS = {"onnxruntime": onnxruntime_runner, "openvino": openvino_runner}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--networks", nargs="+", default=list(NETWORKS), choices=list(NETWORKS))
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--dtype", default="auto", choices=["int8", "uint8", "auto"])
    for peer in PEERS:
        parser.add_argument(f"--{peer}", action="store_true")
    arguments = parser.parse_args()
    for name in arguments.networks:
        model = symbol_of(name)
        shape = (arguments.batch, 3, 224, 224)
        data = np.random.RandomState(0).rand(*shape).astype("float32")
        runs = [runner(model, data), runner(quantized(model, data, arguments.dtype), data)]
        peers = [peer for peer in PEERS if getattr(arguments, peer)]
        path = quantized_onnx(model, data, tempfile.mkdtemp()) if peers else None
        runs += [PEERS[peer](path, data) for peer in peers]
        plain, whole = (run() for run in runs[:2])  # compiles
        for run in runs:
            run()
        times = [[cpu_seconds(run) for run in runs] for _ in range(arguments.rounds)]
        medians = [statistics.median(column) for column in zip(*times)]
        ratios = [statistics.median(row[i] / row[0] for row in times) for i in range(len(runs))]
        error = np.abs(plain - whole).max() / np.abs(plain).max()
        print(
            f"{name} batch {arguments.batch}: float32 {medians[0] * 1e3:.1f} ms, "
            f"int8 {medians[1] * 1e3:.1f} ms of CPU time, ratio {ratios[1]:.2f}; "
            f"largest difference {error:.3f} of the largest score"
            + "".join(f"; {peer} int8 ratio {ratio:.2f}" for peer, ratio in zip(peers, ratios[2:]))
        )


if __name__ == "__main__":
    main()
