"""`amp.init`: in which types operators compute that a program calls."""

import json
import threading

import numpy as np
import pytest

import mxnet as mx
from mxnet.contrib import amp
from mxnet.gluon import Trainer, loss, nn

TYPES = ["float16", "bfloat16"]


def is_of(array, dtype):
    return mx._core.same_dtype(array, dtype)


@pytest.fixture
def dense():
    return [mx.nd.ones(shape) for shape in ((2, 3), (4, 3), (4,))]


@pytest.mark.parametrize("dtype", TYPES)
def test_arrays(init_amp, dense, dtype):
    init_amp(dtype)
    low = mx.nd.FullyConnected(*dense, num_hidden=4)
    assert is_of(low, dtype)
    full = mx.nd.ones((2, 4))
    for result in (
        mx.nd.exp(low),
        low.exp(),
        low + full,
        mx.nd.dot(low, mx.nd.ones((4, 4))),
        mx.nd.Activation(low, act_type="softrelu"),
        mx.nd.op.softmax(low),
    ):
        assert is_of(result, "float32")
    assert is_of(mx.nd.Activation(low, act_type="relu"), dtype)
    assert is_of(low + low, dtype)
    for other in ("float64", "int32"):
        unchanged = mx.nd.FullyConnected(*(x.astype(other) for x in dense), num_hidden=4)
        assert is_of(unchanged, other)


@pytest.mark.parametrize("dtype", TYPES)
def test_gradients_come_back_in_the_type_of_the_parameter(init_amp, dense, dtype):
    init_amp(dtype)
    data, weight, bias = dense
    weight.attach_grad()
    with mx.autograd.record():
        total = mx.nd.FullyConnected(data, weight, bias, num_hidden=4).sum()
    total.backward()
    assert weight.grad.dtype == np.float32
    np.testing.assert_array_equal(weight.grad.asnumpy(), np.full((4, 3), 2.0))


def operators(symbol):
    nodes = json.loads(symbol.tojson(remove_amp_cast=False))["nodes"]
    return [
        node["op"] + node["attrs"].get("dtype", "") if "attrs" in node else node["op"]
        for node in nodes
        if node["op"] != "null"
    ]


def test_symbols(init_amp):
    init_amp("bfloat16")
    data = mx.sym.Variable("data")
    dense = mx.sym.FullyConnected(data, num_hidden=4, name="fc")
    casts = ["amp_castbfloat16"] * 3
    assert operators(dense) == [*casts, "FullyConnected"]
    assert operators(mx.sym.exp(dense))[4:] == ["amp_castfloat32", "exp"]
    assert operators(dense + data)[4:] == ["amp_multicast", "elemwise_add"]
    assert dense.list_arguments() == ["data", "fc_weight", "fc_bias"]


def test_other_lists(init_amp, dense):
    init_amp("float16", ["FullyConnected", "Activation"], [], ["relu"])
    assert is_of(mx.nd.Activation(mx.nd.ones(3), act_type="softrelu"), "float16")
    assert is_of(mx.nd.relu(mx.nd.ones(3, dtype="float16")), "float32")


@pytest.mark.parametrize(
    "arguments, text",
    [
        ({"target_dtype": "int8"}, "target_dtype=int8"),
        ({"target_precision_ops": ["nothing"]}, "nothing.* is in no list"),
        ({"target_precision_ops": ["exp"], "fp32_ops": ["exp"]}, "two or more"),
        ({"fp32_ops": "exp"}, "list of strs"),
        ({"conditional_fp32_ops": ["Activation"]}, "str, str, list of str"),
    ],
)
def test_wrong_arguments(init_amp, arguments, text):
    with pytest.raises(AssertionError, match=text):
        init_amp(**arguments)
    assert is_of(mx.nd.dot(mx.nd.ones((2, 2)), mx.nd.ones((2, 2))), "float32")


def test_threads_see_it_at_once_and_nothing_is_patched(init_amp, dense):
    function = mx.nd.FullyConnected
    stop, wrong = threading.Event(), []

    def work():
        while not stop.is_set():
            result = mx.nd.FullyConnected(*dense, num_hidden=4)
            if not (is_of(result, "float32") or is_of(result, "float16")):
                wrong.append(result.dtype)
            if result.astype("float32").asnumpy().max() != 4:
                wrong.append(result)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    init_amp("float16")
    assert is_of(mx.nd.FullyConnected(*dense, num_hidden=4), "float16")
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert mx.nd.FullyConnected is function


def network():
    net = nn.HybridSequential()
    net.add(
        nn.Conv2D(8, 3, activation="relu"),
        nn.BatchNorm(),
        nn.Flatten(),
        nn.Dense(32, activation="tanh"),
        nn.Dense(4),
    )
    net.initialize(mx.init.Xavier())
    return net


@pytest.mark.parametrize("hybrid", [False, True])
@pytest.mark.parametrize("dtype", TYPES)
def test_training_reaches_what_float32_reaches(init_amp, dtype, hybrid):
    mx.random.seed(0)
    state = np.random.RandomState(0)
    data = state.randn(256, 1, 8, 8).astype("f")
    labels = (data.reshape(256, -1) @ state.randn(64, 4)).argmax(1)
    init_amp(dtype)
    net = network()
    if hybrid:
        net.hybridize()
    trainer = Trainer(net.collect_params(), "adam", {"learning_rate": 0.01})
    amp.init_trainer(trainer)
    criterion = loss.SoftmaxCrossEntropyLoss()
    for _ in range(10):
        for i in range(0, 256, 64):
            x, y = mx.nd.array(data[i : i + 64]), mx.nd.array(labels[i : i + 64])
            with mx.autograd.record():
                out = net(x)
                with amp.scale_loss(criterion(out, y), trainer) as scaled:
                    mx.autograd.backward(scaled)
            trainer.step(64)
    assert is_of(out, dtype)
    found = net(mx.nd.array(data)).astype("float32").asnumpy().argmax(1)
    assert (found == labels).mean() > 0.98  # float32: 1.0
    assert {np.dtype(each.dtype) for each in net.collect_params().values()} == {np.dtype("float32")}
