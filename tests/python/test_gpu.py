"""GPUs: errors without one; copies, memory, operators, training and prediction with one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import mxnet as mx

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "networks"))

from catalog import NETWORKS, softmax  # noqa: E402
from training import FOLDER, RUNS, train  # noqa: E402

needs_gpu = pytest.mark.skipif(mx.context.num_gpus() == 0, reason="no GPU can be used here")
RNG = np.random.RandomState(7)


def run_without_plugin(program):
    """Output of a program for which there is no plug-in."""
    environment = {**os.environ, "REMX_CUDA_LIBRARY": "no_such_folder/libmxnet_cuda.so"}
    environment["CUDA_VISIBLE_DEVICES"] = ""
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_no_gpu_is_no_error_until_one_is_used():
    assert run_without_plugin("import mxnet as mx; print(mx.gpu(), mx.context.num_gpus())") == (
        "gpu(0) 0\n"
    )


@pytest.mark.parametrize(
    "use",
    [
        "mx.nd.zeros((2,), ctx=mx.gpu())",
        "mx.nd.array([1, 2], ctx=mx.gpu(1))",
        "mx.nd.ones((2,)).copyto(mx.gpu())",
        "mx.context.gpu_memory_info()",
        "mx.sym.relu(mx.sym.Variable('x')).simple_bind(mx.gpu(), x=(2,))",
    ],
)
def test_error_lists_what_was_tried(use):
    program = (
        "import mxnet as mx\n"
        f"try:\n    {use}\n"
        "except mx.MXNetError as error:\n    print(type(error).__name__, error)\n"
    )
    text = run_without_plugin(program)
    assert "no GPU can be used; tried: no_such_folder/libmxnet_cuda.so: " in text
    assert text.count("libmxnet_cuda.so: ") == 3


@needs_gpu
def test_wrong_device_id():
    count = mx.context.num_gpus()
    with pytest.raises(mx.MXNetError, match=f"device_id={count} is not there"):
        mx.nd.zeros((2,), ctx=mx.gpu(count))


@needs_gpu
@pytest.mark.parametrize("dtype", ["float32", "float16", "float64", "uint8", "int64", "bool"])
def test_copies_there_and_back(dtype):
    values = (RNG.randn(33, 65) * 50).astype(dtype)
    there = mx.nd.array(values, ctx=mx.gpu(), dtype=dtype)
    assert there.context == mx.gpu(0)
    np.testing.assert_array_equal(there.asnumpy(), values)
    np.testing.assert_array_equal(there.copyto(mx.cpu()).asnumpy(), values)
    np.testing.assert_array_equal(there.copy().asnumpy(), values)


@needs_gpu
def test_source_may_change_after_a_copy():
    values = np.zeros((3000, 2000), np.float32)  # more than the page-locked buffers hold
    arrays = []
    for number in range(4):
        values[:] = number
        arrays.append(mx.nd.array(values, ctx=mx.gpu()))
    for number, array in enumerate(arrays):
        assert (array.asnumpy() == number).all()


@needs_gpu
def test_writes_and_views():
    x = mx.nd.zeros((4, 5), ctx=mx.gpu())
    x[1] = 3
    x[2:4, 1:3] = mx.nd.ones((2, 2), ctx=mx.gpu())
    expected = np.zeros((4, 5), np.float32)
    expected[1] = 3
    expected[2:4, 1:3] = 1
    np.testing.assert_array_equal(x.asnumpy(), expected)
    np.testing.assert_array_equal(x[1:3].asnumpy(), expected[1:3])
    x += 1
    mx.nd.waitall()
    x.wait_to_read()
    np.testing.assert_array_equal(x.asnumpy(), expected + 1)


@needs_gpu
def test_inputs_on_two_devices_are_refused():
    with pytest.raises(mx.MXNetError, match="inputs are on gpu"):
        mx.nd.ones((2,), ctx=mx.gpu()) + mx.nd.ones((2,))


@needs_gpu
def test_out_of_memory_and_reuse():
    free, total = mx.context.gpu_memory_info()
    assert 0 < free <= total
    with pytest.raises(mx.MXNetError, match="could not be allocated; .* are free"):
        mx.nd.zeros((total,), ctx=mx.gpu())
    for _ in range(50):
        (mx.nd.ones((1000, 1000), ctx=mx.gpu()) * 2).wait_to_read()
    assert free - mx.context.gpu_memory_info()[0] < 100 << 20
    mx.gpu().empty_cache()


def rows(*shape):
    return RNG.uniform(0.5, 2, shape).astype(np.float32)


FAMILIES = {
    "arithmetic": lambda x, y: (x + y) * x / y - 2 * x + (1 - y),
    "broadcast": lambda x, y: mx.nd.broadcast_mul(x, y.sum(axis=1, keepdims=True)),
    "unary": lambda x, y: mx.nd.exp(x) + mx.nd.sqrt(y) + mx.nd.log(x) + mx.nd.tanh(y),
    "comparison": lambda x, y: (x > y) + mx.nd.where(x < y, x, y),
    "cast": lambda x, y: (x * 10).astype("int32").astype("float32") + y,
    "activation": lambda x, y: mx.nd.Activation(x - y, act_type="relu") + mx.nd.sigmoid(x),
    "leaky": lambda x, y: mx.nd.LeakyReLU(x - y, act_type="elu", slope=0.3),
    "reduction": lambda x, y: mx.nd.sum(x, axis=0) + mx.nd.mean(y, axis=0) - mx.nd.max(x, axis=0),
    "softmax": lambda x, y: mx.nd.softmax(x, axis=0) + mx.nd.log_softmax(y),
    "dot": lambda x, y: mx.nd.dot(x, y, transpose_b=True),
    "batch_dot": lambda x, y: mx.nd.batch_dot(
        x.reshape((6, 4, 5)), y.reshape((6, 4, 5)), transpose_a=True
    ),
    "fully_connected": lambda x, y: mx.nd.FullyConnected(
        x, y, mx.nd.slice_axis(x, axis=1, begin=0, end=1).reshape(-1), num_hidden=12
    ),
    "layout": lambda x, y: mx.nd.concat(
        mx.nd.transpose(x), mx.nd.slice(y.T, begin=(1, 0), end=(9, 12), step=(2, 1)), dim=0
    ),
    "convolution": lambda x, y: mx.nd.Convolution(
        x.reshape((2, 3, 4, 5)),
        y.reshape((-1,))[:54].reshape((2, 3, 3, 3)),
        kernel=(3, 3),
        num_filter=2,
        pad=(1, 1),
        no_bias=True,
    ),
    "pooling": lambda x, y: mx.nd.Pooling(
        x.reshape((2, 3, 4, 5)),
        kernel=(3, 2),
        stride=(2, 2),
        pool_type="max",
        pooling_convention="full",
    ),
    "embedding": lambda x, y: mx.nd.Embedding(mx.nd.floor(y * 5), x, input_dim=12, output_dim=10),
}


@needs_gpu
@pytest.mark.parametrize("name", FAMILIES)
def test_same_values_and_gradients_as_the_cpu(name):
    arrays = rows(12, 10), rows(12, 10)
    results = []
    for context in (mx.cpu(), mx.gpu()):
        inputs = [mx.nd.array(a, ctx=context) for a in arrays]
        for x in inputs:
            x.attach_grad()
        with mx.autograd.record():
            y = FAMILIES[name](*inputs)
            loss = (y * y).sum()
        loss.backward()
        assert y.context == context
        results.append([y.asnumpy()] + [x.grad.asnumpy() for x in inputs])
    for mine, expected in zip(results[1], results[0]):
        np.testing.assert_allclose(mine, expected, rtol=1e-4, atol=1e-4)


@needs_gpu
@pytest.mark.parametrize(
    "name, optimizer",
    [("lenet", "sgd"), ("lenet", "adam"), ("mlp", "sgd"), ("small_resnet", "sgd")],
)
def test_training_follows_1_9_1(name, optimizer):
    """The losses of 20 steps of Module on the GPU are those of MXNet 1.9.1 on the CPU."""
    assert name in RUNS
    expected = json.loads((FOLDER / f"{name}_{optimizer}.json").read_text())
    actual = train(mx, name, optimizer, mx.gpu())
    np.testing.assert_allclose(actual["losses"], expected["losses"], rtol=1e-3)
    for key, values in expected["moving"].items():
        limit = 1e-3 * np.abs(values).max()
        np.testing.assert_allclose(actual["moving"][key], values, rtol=0, atol=limit, err_msg=key)


@needs_gpu
@pytest.mark.parametrize("name", os.environ.get("REMX_GPU_NETWORKS", "resnet50_v1").split())
def test_prediction_is_that_of_1_9_1(name):
    """A network with seeded weights gives the outputs of MXNet 1.9.1."""
    network = NETWORKS[name]
    actual = network.predict(mx, mx.gpu())
    with np.load(network.stored_path()) as stored:
        for values, key in zip(actual.values(), stored.files):
            limit = 1e-3 * np.abs(stored[key]).max()
            np.testing.assert_allclose(values, stored[key], rtol=0, atol=limit)
            np.testing.assert_allclose(softmax(values), softmax(stored[key]), rtol=0, atol=1e-4)
