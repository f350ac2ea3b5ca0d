"""Monitors saw neither gradients nor inputs nor the nodes' own names, and could hang the engine."""

import os
import subprocess
import sys

import numpy as np
import pytest

import mxnet as mx

S = mx.sym


def network():
    dense = S.FullyConnected(S.sqrt(S.var("data"), name="sq"), num_hidden=3, name="fc")
    return S.SoftmaxOutput(dense, name="softmax")


def watched(symbol, heads=None, monitor_all=False, is_train=True, **shapes):
    executor = symbol.simple_bind(mx.cpu(), **shapes)
    for array in executor.arg_arrays:
        array[:] = 4
    seen = []
    executor.set_monitor_callback(lambda name, array: seen.append((name, array)), monitor_all)
    executor.forward(is_train=is_train)
    executor.backward(heads)
    return seen, executor


def test_gradients_inside_the_network():
    seen, executor = watched(network(), data=(2, 4))
    assert [name for name, _ in seen] == [
        "sq_output",
        "fc_output",
        "softmax_output",
        "softmax_backward_output0",
        "softmax_backward_output1",
        "fc_backward_output0",
        "fc_backward_output1",
        "fc_backward_output2",
        "sq_backward_output",
    ]
    values = dict(seen)
    for name, argument in (
        ("sq_backward_output", "data"),
        ("fc_backward_output1", "fc_weight"),
        ("fc_backward_output2", "fc_bias"),
    ):
        assert np.array_equal(values[name].asnumpy(), executor.grad_dict[argument].asnumpy())
    assert np.allclose(values["fc_output"].asnumpy(), 2 * 4 * 4 + 4)


def test_inputs_with_monitor_all():
    names = [name for name, _ in watched(network(), monitor_all=True, data=(2, 4))[0]]
    assert names[: names.index("softmax_backward_output0")] == [
        "data",
        "sq_input0",
        "sq_output",
        "fc_data",
        "fc_weight",
        "fc_weight",
        "fc_bias",
        "fc_bias",
        "fc_output",
        "softmax_data",
        "softmax_label",
        "softmax_label",
        "softmax_output",
    ]
    assert "fc_backward_input0" in names


def test_loss_that_is_decomposed_keeps_its_name():
    dense = S.FullyConnected(S.Variable("data"), num_hidden=2, name="fc")
    module = mx.mod.Module(S.LinearRegressionOutput(dense, name="lro"), label_names=["lro_label"])
    module.bind([("data", (1, 2))], [("lro_label", (1, 2))])
    monitor = mx.mon.Monitor(1, sort=True, monitor_all=True)
    module.install_monitor(monitor)
    module.init_params()
    monitor.tic()
    batch = mx.io.DataBatch([mx.nd.ones((1, 2))], [mx.nd.ones((1, 2))])
    module.forward_backward(batch)
    assert {name for _, name, _ in monitor.toc()} == {
        "data",
        "fc_backward_input0",
        "fc_backward_output0",
        "fc_backward_output1",
        "fc_backward_output2",
        "fc_bias",
        "fc_data",
        "fc_output",
        "fc_weight",
        "lro_backward_output0",
        "lro_backward_output1",
        "lro_data",
        "lro_label",
        "lro_output",
    }


HEAD = [mx.nd.ones((4, 2))]
CASES = {
    "Activation": (
        lambda x: S.Activation(x, act_type="relu", name="a"),
        ["a_output", "a_backward_output"],
    ),
    "elemwise_mul": (
        lambda x: S.elemwise_mul(x, S.Variable("y"), name="m"),
        ["m_output", "m_backward_output0", "m_backward_output1"],
    ),
    "scalar": (
        lambda x: S._internal._mul_scalar(x, scalar=2, name="m"),
        ["m_output", "m_backward_output"],
    ),
    "BatchNorm": (
        lambda x: S.BatchNorm(x, name="bn"),
        ["bn_output", "bn_mean", "bn_var"] + [f"bn_backward_output{i}" for i in range(3)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_names_of_1_9_1(name):
    make, names = CASES[name]
    shapes = {"x": (4, 2), **({"y": (4, 2)} if name == "elemwise_mul" else {})}
    assert [name for name, _ in watched(make(S.Variable("x")), HEAD, **shapes)[0]] == names


def test_installed_after_training_steps():
    symbol = S.Activation(
        S.BatchNorm(S.FullyConnected(S.Variable("data"), num_hidden=2, name="fc"), name="bn"),
        act_type="relu",
        name="act",
    )
    executor = symbol.simple_bind(mx.cpu(), data=(4, 3))
    random = np.random.RandomState(0)
    for array in executor.arg_arrays:
        array[:] = random.normal(0, 1, array.shape)
    for _ in range(3):
        executor.forward(is_train=True)
        executor.backward([mx.nd.ones((4, 2))])
    seen = {}
    executor.set_monitor_callback(lambda name, array: seen.update({name: array.asnumpy()}))
    executor.forward(is_train=True)
    args = {name: array.asnumpy() for name, array in executor.arg_dict.items()}
    expected = args["data"] @ args["fc_weight"].T + args["fc_bias"]
    assert np.allclose(seen["fc_output"], expected, atol=1e-5)
    assert np.array_equal(seen["act_output"], executor.outputs[0].asnumpy())
    assert np.array_equal(seen["act_output"], np.maximum(seen["bn_output"], 0))


def test_none_ends_it_and_errors_come_through():
    seen, executor = watched(S.exp(S.Variable("x"), name="e"), [mx.nd.ones((2,))], x=(2,))
    executor.set_monitor_callback(None)
    executor.forward()
    assert len(seen) == 2

    def fail(name, array):
        raise KeyError(name)

    executor.set_monitor_callback(fail)
    with pytest.raises(KeyError, match="e_output"):
        executor.forward()
    assert np.allclose(executor.outputs[0].asnumpy(), np.exp(4))


def test_callback_may_use_the_executor():
    executor = (S.Variable("x") * 2).simple_bind(mx.cpu(), x=(2,))
    executor.arg_arrays[0][:] = 3
    seen = []

    def look(name, array):
        executor.set_monitor_callback(None)
        executor.forward()
        seen.append((array + executor.outputs[0] + executor.answers()[0]).asnumpy().tolist())

    executor.set_monitor_callback(look)
    executor.forward()
    assert seen == [[18, 18]]


LARGE = """
import threading
import mxnet as mx
symbol = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=512, name="f")
symbol = mx.sym.Activation(symbol, act_type="relu", name="a")
executor = symbol.simple_bind(mx.cpu(), grad_req="null", data=(512, 512))
seen = []
def look(name, array):
    assert threading.current_thread() is threading.main_thread()
    seen.append((name, (array * array).sum().asscalar()))
executor.set_monitor_callback(look)
big = mx.nd.ones((1500, 1500))
for i in range(3):
    data = mx.nd.dot(big, big)[:512, :512] * 1e-6
    executor.forward(is_train=False, data=data)
    executor.outputs[0].wait_to_read()
assert [name for name, _ in seen] == ["f_output", "a_output"] * 3, seen
"""


def test_large_arrays_behind_queued_work():
    environment = {**os.environ, "OMP_WAIT_POLICY": "passive"}
    subprocess.run([sys.executable, "-c", LARGE], env=environment, timeout=120, check=True)
