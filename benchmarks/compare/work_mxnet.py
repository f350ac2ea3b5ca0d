"""One measurement under MXNet 1.9.1 or Remx; the same calls for both.

usage: python work_mxnet.py infer PREFIX BATCH SIZE RUNS | plan PREFIX BATCH | eager RUNS
       | train_lenet RUNS | train_bound PREFIX BATCH RUNS | first_prediction PREFIX
       | threads PREFIX COUNT RUNS | steady PREFIX COUNT | numpy_calls RUNS
"""

from __future__ import annotations

import re
import sys
import threading
import time

import numpy as np
from timing import median_ms, per_call_us, report, sample_of

import mxnet as mx


def rss_mb():
    with open("/proc/self/status") as status:
        return int(re.search(r"VmRSS:\s*(\d+)", status.read())[1]) / 1024


def image(batch, size):
    return np.random.RandomState(0).rand(batch, 3, size, size).astype("float32")


def bound_module(prefix, batch, size):
    """A module that predicts, fused as 1.9.1's users ask for it."""
    symbol, arguments, auxiliary = mx.model.load_checkpoint(prefix, 0)
    symbol = symbol.get_backend_symbol("MKLDNN")
    labels = [name for name in symbol.list_arguments() if name.endswith("label")]
    module = mx.mod.Module(symbol, label_names=labels or None)
    module.bind(for_training=False, data_shapes=[("data", (batch, 3, size, size))])
    module.set_params(arguments, auxiliary)
    return module


def infer(prefix, batch, size, runs):
    module = bound_module(prefix, int(batch), int(size))
    data = mx.io.DataBatch([mx.nd.array(image(int(batch), int(size)))])

    def predict():
        module.forward(data, is_train=False)
        module.get_outputs()[0].wait_to_read()

    value = median_ms(predict, int(runs))
    report("infer", "ms", value, sample=sample_of(module.get_outputs()[0].asnumpy()))


def threads(prefix, count, runs):
    """Predictions per second of `count` threads on one set of weights, and of one thread."""
    module = bound_module(prefix, 1, 224)
    arguments, auxiliary = module.get_params()
    modules = [module]
    for _ in range(int(count) - 1):
        other = mx.mod.Module(module.symbol, label_names=None)
        other.bind(
            for_training=False, data_shapes=[("data", (1, 3, 224, 224))], shared_module=module
        )
        other.set_params(arguments, auxiliary)
        modules.append(other)
    data = mx.io.DataBatch([mx.nd.array(image(1, 224))])

    def predict(one):
        for _ in range(int(runs)):
            one.forward(data, is_train=False)
            one.get_outputs()[0].asnumpy()

    def rate(active):
        workers = [threading.Thread(target=predict, args=(one,)) for one in active]
        start = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return len(active) * int(runs) / (time.perf_counter() - start)

    for one in modules:
        predict(one)
    single = rate(modules[:1])
    report("threads", "ratio of throughput", rate(modules) / single)


def steady(prefix, count):
    """Growth of memory over many predictions with changing batch sizes, after a warm-up."""
    module = bound_module(prefix, 1, 224)

    def predict(index):
        batch = 1 + index % 3
        module.forward(mx.io.DataBatch([mx.nd.array(image(batch, 224))]), is_train=False)
        module.get_outputs()[0].asnumpy()

    warmup = min(100, int(count))
    for index in range(warmup):
        predict(index)
    before = rss_mb()
    for index in range(int(count)):
        predict(index)
    report("steady", "MB grown", rss_mb() - before)


def planned_mb(executor):
    found = re.search(r"Total ([\d.]+) MB allocated", executor.debug_str())
    return float(found[1])


def plan(prefix, batch):
    symbol = mx.sym.load(f"{prefix}-symbol.json")
    shapes = {"data": (int(batch), 3, 224, 224)}
    for work, request in (("forward", "null"), ("training", "write")):
        executor = symbol.simple_bind(mx.cpu(), grad_req=request, **shapes)
        report(f"plan {work}", "MB", planned_mb(executor))


def eager(runs):
    runs = int(runs)
    nd, autograd = mx.nd, mx.autograd
    a, b = nd.ones((10, 10)), nd.ones((10, 10))
    calls = {
        "a + b": lambda: a + b,
        "dot": lambda: nd.dot(a, b),
        "FullyConnected": lambda: nd.FullyConnected(a, b, num_hidden=10, no_bias=True),
        "softmax": lambda: nd.softmax(a),
        "reshape": lambda: a.reshape((5, 20)),
        "zeros": lambda: nd.zeros((10, 10)),
        "asnumpy": lambda: a.asnumpy(),
    }
    for name, call in calls.items():
        report(f"eager {name} 10x10", "us", per_call_us(call, runs, nd.waitall))
    a.attach_grad()

    def record_and_backward(function):
        with autograd.record():
            y = function()
        y.backward()

    recorded = {"2": lambda: (a * a).sum(), "3": lambda: (a * b + a).sum()}
    for operators, function in recorded.items():
        value = per_call_us(
            lambda function=function: record_and_backward(function), max(1, runs // 3), nd.waitall
        )
        report(f"eager record {operators} operators, backward", "us", value)
    x = nd.ones((4096, 4096))
    value = median_ms(lambda: (x * 2 + 1).wait_to_read(), max(1, runs // 300))
    report("eager x * 2 + 1, 16.7 million", "ms", value)


def numpy_calls(runs):
    """Calls of mx.np on small arrays."""
    runs = int(runs)
    mx.npx.set_np()
    mnp, npx = mx.np, mx.npx
    a, b = mnp.ones((10, 10)), mnp.ones((10, 10))
    mask = a > 0
    calls = {
        "a + b": lambda: a + b,
        "add(a, 2)": lambda: mnp.add(a, 2),
        "exp": lambda: mnp.exp(a),
        "dot": lambda: mnp.dot(a, b),
        "sum": lambda: a.sum(),
        "mean axis 1": lambda: a.mean(axis=1),
        "reshape": lambda: a.reshape(5, 20),
        "transpose": lambda: a.T,
        "concatenate": lambda: mnp.concatenate([a, b]),
        "a[1:3]": lambda: a[1:3],
        "a[mask]": lambda: a[mask],
        "zeros": lambda: mnp.zeros((10, 10)),
        "random.uniform": lambda: mnp.random.uniform(0, 1, (10, 10)),
        "npx.softmax": lambda: npx.softmax(a),
    }
    for name, call in calls.items():
        report(f"mx.np {name} 10x10", "us", per_call_us(call, runs, npx.waitall))


def lenet():
    x = mx.sym.Variable("data")
    for stage, filters in enumerate((20, 50)):
        x = mx.sym.Convolution(x, kernel=(5, 5), num_filter=filters, name=f"conv{stage}")
        x = mx.sym.Activation(x, act_type="tanh")
        x = mx.sym.Pooling(x, pool_type="max", kernel=(2, 2), stride=(2, 2))
    x = mx.sym.FullyConnected(mx.sym.Flatten(x), num_hidden=500, name="hidden")
    x = mx.sym.FullyConnected(mx.sym.Activation(x, act_type="tanh"), num_hidden=10, name="out")
    return mx.sym.SoftmaxOutput(x, name="softmax")


def train_lenet(runs):
    rng = np.random.RandomState(0)
    module = mx.mod.Module(lenet())
    module.bind(data_shapes=[("data", (64, 1, 28, 28))], label_shapes=[("softmax_label", (64,))])
    module.init_params(mx.init.Xavier())
    module.init_optimizer(
        optimizer="sgd", optimizer_params={"learning_rate": 0.01, "momentum": 0.9}
    )
    data = mx.nd.array(rng.rand(64, 1, 28, 28))
    batch = mx.io.DataBatch([data], [mx.nd.array(rng.randint(0, 10, 64))])

    def step():
        module.forward_backward(batch)
        module.update()
        mx.nd.waitall()

    report("train", "ms", median_ms(step, int(runs), warmup=5))


def train_bound(prefix, batch, runs):
    batch, rng = int(batch), np.random.RandomState(0)
    symbol, arguments, auxiliary = mx.model.load_checkpoint(prefix, 0)
    if not any(name.endswith("label") for name in symbol.list_arguments()):
        symbol = mx.sym.SoftmaxOutput(symbol, name="softmax")
    label = next(name for name in symbol.list_arguments() if name.endswith("label"))
    shapes = {"data": (batch, 3, 224, 224), label: (batch,)}
    executor = symbol.simple_bind(mx.cpu(), grad_req="write", **shapes)
    executor.copy_params_from(arguments, auxiliary)
    feed = {
        "data": mx.nd.array(image(batch, 224)),
        label: mx.nd.array(rng.randint(0, 1000, batch)),
    }

    def step():
        executor.forward(is_train=True, **feed)
        executor.backward()
        mx.nd.waitall()

    report("train", "ms", median_ms(step, int(runs), warmup=1))
    report("train planned", "MB", planned_mb(executor))


def first_prediction(prefix):
    symbol, arguments, auxiliary = mx.model.load_checkpoint(prefix, 0)
    module = mx.mod.Module(symbol, label_names=None)
    module.bind(for_training=False, data_shapes=[("data", (1, 3, 224, 224))])
    module.set_params(arguments, auxiliary)
    module.forward(mx.io.DataBatch([mx.nd.ones((1, 3, 224, 224))]))
    assert np.isfinite(module.get_outputs()[0].asnumpy()).all()


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
