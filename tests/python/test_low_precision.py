"""REMX_INFERENCE_DTYPE=bfloat16: what is computed in bfloat16, and where values are cast."""

import gc
import os
import subprocess
import sys

import numpy as np
import pytest

import mxnet as mx
from mxnet import _core
from mxnet.test_utils import environment


@pytest.fixture(autouse=True)
def bfloat16(monkeypatch, bfloat16_kernels):
    """All tests of this file ask for bfloat16."""
    monkeypatch.setenv("REMX_INFERENCE_DTYPE", "bfloat16")


def convolution(x, name, **kwargs):
    """16 filters of 3x3."""
    return mx.sym.Convolution(x, kernel=(3, 3), pad=(1, 1), num_filter=16, name=name, **kwargs)


def residual_net():
    """Convolutions, batch norms, a residual, two kinds of pooling, a concatenation, a softmax."""
    x = mx.sym.Activation(convolution(mx.sym.Variable("data"), "a"), act_type="relu")
    y = mx.sym.BatchNorm(convolution(x, "b"), fix_gamma=False, name="norm")
    x = mx.sym.Activation(x + y, act_type="relu")
    x = mx.sym.Concat(x, mx.sym.LeakyReLU(convolution(x, "c"), act_type="leaky"))
    x = mx.sym.Pooling(x, kernel=(2, 2), stride=(2, 2), pool_type="max")
    x = mx.sym.BatchNorm(x, fix_gamma=False, name="alone")
    x = mx.sym.Pooling(x, kernel=(1, 1), global_pool=True, pool_type="avg")
    x = mx.sym.FullyConnected(mx.sym.Flatten(x), num_hidden=10, name="fc")
    return mx.sym.SoftmaxOutput(x, name="softmax")


def bound(symbol, **shapes):
    """An executor with seeded parameters."""
    executor = symbol.simple_bind(mx.cpu(), grad_req="null", **shapes)
    state = np.random.RandomState(0)
    for name, array in (*executor.arg_dict.items(), *executor.aux_dict.items()):
        values = state.uniform(-0.5, 0.5, array.shape)
        array[:] = np.abs(values) + 0.5 if name.endswith(("var", "gamma")) else values
    return executor


def steps(executor):
    """(operator, dtype of its first output) of each step."""
    lines = executor.debug_str().split("\n")
    return [
        (line.split(",")[0][len("Op:") :], after.split()[1].split("(")[0])
        for line, after in zip(lines, lines[1:])
        if line.startswith("Op:")
    ]


def casts(executor):
    """The dtypes that the body casts to, in order."""
    return [dtype for op, dtype in steps(executor) if op == "Cast"]


def full_precision(executor, symbol, **shapes):
    """Outputs of the same network in float32."""
    with environment("REMX_INFERENCE_DTYPE", "float32"):
        other = symbol.simple_bind(mx.cpu(), grad_req="null", **shapes)
        other.copy_params_from(executor.arg_dict, executor.aux_dict)
        return [output.asnumpy() for output in other.forward()]


def test_casts_are_at_the_borders_only():
    symbol, shapes = residual_net(), {"data": (2, 3, 16, 16)}
    executor = bound(symbol, **shapes)
    output = executor.forward()[0]
    assert output.dtype == np.float32
    np.testing.assert_allclose(
        output.asnumpy(), full_precision(executor, symbol, **shapes)[0], rtol=0, atol=2e-2
    )
    assert casts(executor) == ["bfloat16", "float32"]
    found = steps(executor)
    assert found[-1] == ("SoftmaxOutput", "float32")
    between = found[found.index(("Cast", "bfloat16")) : found.index(("Cast", "float32"))]
    assert len(between) > 7 and {dtype for _, dtype in between} == {"bfloat16"}


def test_a_value_that_many_read_is_cast_once():
    data = mx.sym.Variable("data")
    first = mx.sym.exp(data)  # in float32
    outs = [mx.sym.exp(convolution(first, name)) for name in "abc"]
    shared = convolution(first, "d")
    outs += [mx.sym.sum(shared), mx.sym.log(mx.sym.abs(shared) + 1)]
    executor = bound(mx.sym.Group(outs), data=(2, 3, 8, 8))
    executor.forward()
    # Once down, and up once for each of the four convolutions.
    assert sorted(casts(executor)) == ["bfloat16"] + ["float32"] * 4


def test_a_bfloat16_result_may_be_an_output():
    data = mx.sym.Variable("data")
    symbol = mx.sym.Group([convolution(data, "a"), data * 2])
    executor = bound(symbol, data=(1, 3, 8, 8))
    outputs = [output.asnumpy() for output in executor.forward()]
    assert [output.dtype for output in outputs] == [np.float32] * 2
    np.testing.assert_array_equal(outputs[1], executor.arg_dict["data"].asnumpy() * 2)
    np.testing.assert_allclose(
        outputs[0], full_precision(executor, symbol, data=(1, 3, 8, 8))[0], rtol=0, atol=0.1
    )


def test_graphs_without_layers_stay_float32():
    data = mx.sym.Variable("data")
    executor = bound(mx.sym.softmax(mx.sym.Activation(data, act_type="relu") + 1), data=(3, 4))
    executor.forward()
    assert {dtype for _, dtype in steps(executor)} == {"float32"}


@pytest.mark.parametrize("dtype", ["float64", "float16"])
def test_other_types_are_left_alone(dtype):
    symbol = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=4, name="fc")
    executor = symbol.simple_bind(mx.cpu(), grad_req="null", data=(2, 3), type_dict={"data": dtype})
    assert executor.forward()[0].dtype == np.dtype(dtype)
    assert "bfloat16" not in executor.debug_str()


def test_parameters_stay_float32_and_packed_weights_take_half():
    symbol = mx.sym.Variable("data")
    for i in range(3):
        symbol = mx.sym.Convolution(symbol, kernel=(3, 3), num_filter=128, name=f"conv{i}")

    def constant_bytes():
        gc.collect()
        mx.nd.waitall()
        before = _core.inference_statistics()["constant_bytes"]
        executor = bound(symbol, data=(1, 128, 9, 9))
        executor.forward()[0].wait_to_read()
        taken = _core.inference_statistics()["constant_bytes"] - before
        assert {array.dtype for array in executor.arg_arrays} == {np.float32}
        return taken

    low = constant_bytes()
    weights = 3 * 128 * 128 * 9 * 4
    assert 0.5 * weights <= low < 0.6 * weights


def test_training_is_not_affected():
    symbol = mx.sym.SoftmaxOutput(
        mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=4, name="fc"), name="softmax"
    )
    executor = symbol.simple_bind(mx.cpu(), data=(2, 3))
    executor.forward(is_train=True)
    executor.backward()
    assert "bfloat16" not in executor.debug_str()


def test_without_fusion_everything_is_float32():
    with environment("MXNET_SUBGRAPH_BACKEND", "NONE"):
        executor = bound(residual_net(), data=(1, 3, 8, 8))
        executor.forward()
    assert {dtype for _, dtype in steps(executor)} == {"float32"}


def test_the_switch_is_read_when_a_graph_is_compiled():
    symbol = convolution(mx.sym.Variable("data"), "a")
    for dtype, expected in (("bfloat16", 2), ("float32", 0), ("bfloat16", 2)):
        with environment("REMX_INFERENCE_DTYPE", dtype):
            executor = bound(symbol, data=(1, 3, 8, 8))
            executor.forward()
        assert len(casts(executor)) == expected


def test_a_type_that_is_not_known_is_refused():
    with environment("REMX_INFERENCE_DTYPE", "half"):
        executor = bound(convolution(mx.sym.Variable("data"), "a"), data=(1, 3, 8, 8))
        with pytest.raises(mx.base.MXNetError, match="REMX_INFERENCE_DTYPE=half .* bfloat16"):
            executor.forward()


def test_processors_without_such_kernels_say_so():
    """oneDNN can be told to use fewer instructions than there are."""
    code = """
import mxnet as mx
symbol = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=4, name="fc")
try:
    symbol.simple_bind(mx.cpu(), grad_req="null", data=(2, 3)).forward()[0].asnumpy()
except NotImplementedError as error:
    print(error)
"""
    env = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path), ONEDNN_MAX_CPU_ISA="AVX2")
    text = subprocess.run([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, check=True)
    assert "_fused_fully_connected computes in bfloat16" in text.stdout.decode()
    assert "expected REMX_INFERENCE_DTYPE=float32" in text.stdout.decode()


def test_the_switch_is_documented():
    documented = {name: doc for name, _, _, doc in _core.environment_variables()}
    assert "bfloat16" in documented["REMX_INFERENCE_DTYPE"]
