"""Networks that are quantized here and by MXNet 1.9.1, and what is compared."""

import json

import numpy as np

import mxnet as mx
from mxnet.contrib import quantization

SHAPES = {"lenet": (4, 1, 28, 28), "residual": (4, 3, 12, 12), "fire": (4, 3, 14, 14)}


def lenet():
    x = mx.sym.Variable("data")
    for i, filters in (1, 6), (2, 12):
        x = mx.sym.Convolution(x, kernel=(5, 5), num_filter=filters, name=f"conv{i}")
        x = mx.sym.Activation(x, act_type="relu", name=f"relu{i}")
        x = mx.sym.Pooling(x, kernel=(2, 2), stride=(2, 2), pool_type="max", name=f"pool{i}")
    x = mx.sym.FullyConnected(mx.sym.Flatten(x, name="flat"), num_hidden=24, name="fc1")
    x = mx.sym.Activation(x, act_type="tanh", name="tanh")
    return mx.sym.SoftmaxOutput(mx.sym.FullyConnected(x, num_hidden=10, name="fc2"), name="softmax")


def _block(x, name, relu=True):
    x = mx.sym.Convolution(x, kernel=(3, 3), pad=(1, 1), num_filter=8, no_bias=True, name=name)
    x = mx.sym.BatchNorm(x, fix_gamma=False, name=name + "_bn")
    return mx.sym.Activation(x, act_type="relu", name=name + "_relu") if relu else x


def residual():
    x = _block(mx.sym.Variable("data"), "c0")
    x = mx.sym.elemwise_add(x, _block(_block(x, "c1"), "c2", False), name="plus")
    x = mx.sym.Activation(x, act_type="relu", name="relu_plus")
    x = mx.sym.Pooling(x, global_pool=True, kernel=(7, 7), pool_type="avg", name="pool")
    x = mx.sym.FullyConnected(mx.sym.Flatten(x, name="flat"), num_hidden=5, name="fc")
    return mx.sym.SoftmaxOutput(x, name="softmax")


def fire():
    def relu(x, name, kernel, filters):
        pad = (kernel // 2, kernel // 2)
        x = mx.sym.Convolution(
            x, kernel=(kernel, kernel), pad=pad, num_filter=filters, name=f"{name}"
        )
        return mx.sym.Activation(x, act_type="relu", name=f"{name}_relu")

    x = relu(mx.sym.Variable("data"), "conv1", 3, 8)
    x = mx.sym.Pooling(x, kernel=(3, 3), stride=(2, 2), pooling_convention="full", name="pool1")
    x = relu(x, "squeeze", 1, 4)
    x = mx.sym.Concat(relu(x, "expand1", 1, 6), relu(x, "expand3", 3, 6), name="concat")
    x = relu(mx.sym.Dropout(x, name="drop"), "conv10", 1, 5)
    x = mx.sym.Pooling(x, global_pool=True, kernel=(6, 6), pool_type="avg", name="pool10")
    return mx.sym.SoftmaxOutput(mx.sym.Flatten(x, name="flat"), name="softmax")


NETWORKS = {"lenet": lenet, "residual": residual, "fire": fire}
# Name of a case: the network, then arguments of quantize_model.
CASES = {
    f"{network} {mode} {dtype}": {"calib_mode": mode, "quantized_dtype": dtype}
    for network in NETWORKS
    for mode, dtype in (("none", "int8"), ("naive", "auto"), ("entropy", "uint8"))
}
CASES["lenet excluded"] = {"calib_mode": "naive", "excluded_sym_names": ["conv2", "relu1"]}
CASES["residual excluded"] = {"calib_mode": "naive", "excluded_op_names": ["Pooling", "BatchNorm"]}
CASES["residual full"] = {
    "calib_mode": "none",
    "quantize_mode": "full",
    "excluded_sym_names": ["c1", "c2_bn", "fc"],
}


def parameters(sym, shape):
    random = np.random.RandomState(3)
    shapes, _, states = sym.infer_shape(data=shape)
    arguments, auxiliary = {}, {}
    for name, size in zip(sym.list_arguments(), shapes):
        if name not in ("data", "softmax_label"):
            scale = (2.0 / np.prod(size[1:])) ** 0.5
            arguments[name] = mx.nd.array(random.normal(0, scale, size))
    for name, size in zip(sym.list_auxiliary_states(), states):
        auxiliary[name] = mx.nd.array(random.uniform(0.5, 1.5, size))
    return arguments, auxiliary


def images(shape, count=12):
    return np.random.RandomState(5).rand(count, *shape[1:]).astype("float32")


def quantized(key):
    """The network in float32 with its parameters, and the same quantized."""
    network, options = key.split()[0], dict(CASES[key])
    sym, shape = NETWORKS[network](), SHAPES[network]
    arguments, states = parameters(sym, shape)
    if options["calib_mode"] != "none":
        pictures = images(shape)
        options["calib_data"] = mx.io.NDArrayIter(pictures, np.zeros(12), batch_size=4)
    plain = (sym, arguments, states)
    return plain, quantization.quantize_model(*plain, ctx=mx.cpu(), **options)


def described(key):
    """What a quantized network is made of, as JSON can hold it."""
    _, (sym, arguments, _) = quantized(key)
    nodes = json.loads(sym.tojson())["nodes"]
    described_nodes = [
        {
            "op": node["op"],
            "name": node["name"],
            "attrs": node.get("attrs", {}),
            "inputs": [[nodes[i]["name"], output] for i, output, *_ in node["inputs"]],
        }
        for node in nodes
    ]
    sums = {k: float(v.asnumpy().astype("float64").sum()) for k, v in arguments.items()}
    return {"nodes": described_nodes, "sums": sums}


def predict(sym, arguments, states, data):
    module = mx.mod.Module(sym)
    module.bind([("data", data.shape)], [("softmax_label", data.shape[:1])], for_training=False)
    module.set_params(arguments, states)
    label = mx.nd.zeros(data.shape[:1])
    module.forward(mx.io.DataBatch([mx.nd.array(data)], [label]), is_train=False)
    return module.get_outputs()[0].asnumpy()
