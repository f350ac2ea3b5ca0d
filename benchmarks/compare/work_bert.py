"""One program in a process of its own: makes itself ready, then answers each line "N" on its
standard input with the seconds that each of N runs took, as JSON.

usage: python work_bert.py PROGRAM (infer | train) FOLDER BATCH LENGTH

PROGRAM is mxnet, which is also Remx, onnxruntime, openvino or torch.
"""

import json
import os
import resource
import sys
import time

import numpy as np
from bert_network import HEADS, HIDDEN, LAYERS, UNITS, encoder, words

THREADS = int(os.environ["OMP_NUM_THREADS"])


def mxnet_infer(folder, data):
    import mxnet as mx

    symbol = encoder(mx)
    if mx.__version__ == "1.9.1":
        symbol = symbol.get_backend_symbol("MKLDNN")
    module = mx.mod.Module(symbol, label_names=None)
    module.bind([("data", data.shape)], for_training=False)
    module.set_params(mx.nd.load(f"{folder}/bert.params"), {})
    batch = mx.io.DataBatch([mx.nd.array(data)])

    def run():
        module.forward(batch, is_train=False)
        return module.get_outputs()[0].asnumpy()

    return run


def mxnet_train(folder, data):
    import mxnet as mx

    loss = mx.sym.MakeLoss(mx.sym.mean(mx.sym.square(encoder(mx))))
    module = mx.mod.Module(loss, label_names=None)
    module.bind([("data", data.shape)])
    module.init_params(arg_params=mx.nd.load(f"{folder}/bert.params"))
    module.init_optimizer(optimizer="sgd", optimizer_params={"learning_rate": 0.01})
    batch = mx.io.DataBatch([mx.nd.array(data)])

    def run():
        module.forward_backward(batch)
        module.update()
        return module.get_outputs()[0].asnumpy()

    return run


def onnxruntime_infer(folder, data):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    path = f"{folder}/bert-{data.shape[0]}-{data.shape[1]}.onnx"
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return lambda: session.run(None, {"data": data})[0]


def openvino_infer(folder, data):
    import openvino

    core = openvino.Core()
    model = core.read_model(f"{folder}/bert-{data.shape[0]}-{data.shape[1]}.onnx")
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": THREADS,
        "INFERENCE_PRECISION_HINT": "f32",
    }
    compiled = core.compile_model(model, "CPU", settings)
    return lambda: compiled([data])[0]


def torch_layers(folder):
    import torch

    class Layer(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.qkv = torch.nn.Linear(UNITS, 3 * UNITS)
            self.proj = torch.nn.Linear(UNITS, UNITS)
            self.wide = torch.nn.Linear(UNITS, HIDDEN)
            self.narrow = torch.nn.Linear(HIDDEN, UNITS)
            self.attention_norm = torch.nn.LayerNorm(UNITS, eps=1e-12)
            self.ffn_norm = torch.nn.LayerNorm(UNITS, eps=1e-12)

        def forward(self, data):
            batch, length, _ = data.shape
            # Heads hold their queries, keys and values side by side.
            qkv = self.qkv(data).view(batch, length, HEADS, 3, UNITS // HEADS)
            q, k, v = (qkv[:, :, :, i].transpose(1, 2) for i in range(3))
            context = torch.nn.functional.scaled_dot_product_attention(q, k, v)
            context = context.transpose(1, 2).reshape(batch, length, UNITS)
            data = self.attention_norm(self.proj(context) + data)
            wide = torch.nn.functional.gelu(self.wide(data))
            return self.ffn_norm(self.narrow(wide) + data)

    network = torch.nn.Sequential(*(Layer() for _ in range(LAYERS)))
    own = dict(network.named_parameters())
    with np.load(f"{folder}/bert.npz") as arrays, torch.no_grad():
        for name in arrays:
            number, part = name[len("layer") :].split("_", 1)
            part, kind = part.rsplit("_", 1)
            kind = {"gamma": "weight", "beta": "bias"}.get(kind, kind)
            own[f"{number}.{part}.{kind}"].copy_(torch.from_numpy(arrays[name]))
    return network


def torch_infer(folder, data):
    import torch

    torch.set_num_threads(THREADS)
    network = torch_layers(folder).eval()
    given = torch.from_numpy(data)

    def run():
        with torch.inference_mode():
            return network(given).numpy()

    return run


def torch_train(folder, data):
    import torch

    torch.set_num_threads(THREADS)
    network = torch_layers(folder)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01)
    given = torch.from_numpy(data)

    def run():
        optimizer.zero_grad()
        loss = network(given).square().mean()
        loss.backward()
        optimizer.step()
        return loss.detach().numpy().reshape(1)

    return run


def main():
    program, kind, folder, batch, length = sys.argv[1:]
    run = globals()[f"{program}_{kind}"](folder, words(int(batch), int(length)))
    answer = run().ravel()
    run()
    print(json.dumps([float(value) for value in answer[:: max(1, answer.size // 64)]]), flush=True)
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            run()
            times.append(time.perf_counter() - start)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": times, "peak": peak}), flush=True)


if __name__ == "__main__":
    main()
