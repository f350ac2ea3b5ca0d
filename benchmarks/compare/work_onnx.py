"""One measurement under ONNX Runtime or OpenVINO.

usage: python work_onnx.py (onnxruntime | openvino | openvino-bf16) infer FILE.onnx BATCH SIZE RUNS
       python work_onnx.py onnxruntime first_prediction FILE.onnx
"""

from __future__ import annotations

import os
import sys

import numpy as np
from timing import median_ms, report, sample_of

THREADS = int(os.environ["OMP_NUM_THREADS"])


def onnxruntime_predictor(path, batch, size):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return lambda data: session.run(None, {"data": data})[0]


def openvino_predictor(path, batch, size, precision="f32"):
    import openvino

    core = openvino.Core()
    model = core.read_model(path)
    model.reshape({"data": [batch, 3, size, size]})
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": THREADS,
        "INFERENCE_PRECISION_HINT": precision,
    }
    compiled = core.compile_model(model, "CPU", settings)
    return lambda data: compiled([data])[0]


PREDICTORS = {
    "onnxruntime": onnxruntime_predictor,
    "openvino": openvino_predictor,
    "openvino-bf16": lambda *arguments: openvino_predictor(*arguments, precision="bf16"),
}


def infer(program, path, batch, size, runs):
    batch, size = int(batch), int(size)
    predict = PREDICTORS[program](path, batch, size)
    data = np.random.RandomState(0).rand(batch, 3, size, size).astype("float32")
    value = median_ms(lambda: predict(data), int(runs))
    report("infer", "ms", value, sample=sample_of(predict(data)))


def first_prediction(program, path):
    out = PREDICTORS[program](path, 1, 224)(np.ones((1, 3, 224, 224), "float32"))
    assert np.isfinite(out).all()


if __name__ == "__main__":
    globals()[sys.argv[2]](sys.argv[1], *sys.argv[3:])
