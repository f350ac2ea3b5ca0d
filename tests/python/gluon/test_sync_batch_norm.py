"""Batch normalization over several devices: eager, hybridized, in modules."""

import os
import subprocess
import sys

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd
from mxnet.gluon import nn

DEVICES = [mx.cpu(0), mx.cpu(1)]
R = np.random.default_rng(7)
X = R.normal(size=(6, 3, 4)) * 2 + 1
D = R.normal(size=X.shape)
GAMMA, BETA, EPS = np.array([1.0, 2.0, 0.5]), np.array([0.1, 0.2, 0.3]), 1e-3
# Devices with batches of different sizes.
PARTS = [slice(0, 2), slice(2, 6)]
BATCH = R.normal(size=(4, 6, 4))


def expected():
    """Result, mean, variance, and gradients of data, gamma and beta over the whole batch."""
    axes, wide = (0, 2), (1, 3, 1)
    mean, var = X.mean(axes), X.var(axes)
    inverse = 1 / np.sqrt(var + EPS)
    normal = (X - mean.reshape(wide)) * inverse.reshape(wide)
    out = normal * GAMMA.reshape(wide) + BETA.reshape(wide)
    centred = D - D.mean(axes, keepdims=True) - normal * (D * normal).mean(axes, keepdims=True)
    d_data = centred * (GAMMA * inverse).reshape(wide)
    return out, mean, var, d_data, (D * normal), D


def run_copies(record=True, train_mode=True, **attrs):
    """The operator on both devices: outputs, and lists of the copies' inputs."""
    attrs = {"eps": EPS, "fix_gamma": False, "ndev": 2, "key": "layer", **attrs}
    copies, outputs = [], []
    for device, part in zip(DEVICES, PARTS):
        arrays = [X[part], GAMMA, BETA, np.zeros(3), np.ones(3)]
        arrays = [mx.nd.array(a, device, "float64") for a in arrays]
        for array in arrays[:3]:
            array.attach_grad()
        copies.append(arrays)
    with autograd.record(train_mode) if record else autograd.predict_mode():
        for arrays in copies:
            outputs.append(mx.nd.contrib.SyncBatchNorm(*arrays, **attrs))
    return outputs, copies


def test_statistics_and_gradients_are_those_of_the_whole_batch():
    outputs, copies = run_copies()
    heads = [mx.nd.array(D[part], device, "float64") for device, part in zip(DEVICES, PARTS)]
    autograd.backward(outputs, heads)
    out, mean, var, d_data, d_gamma, d_beta = expected()
    for part, output, (x, gamma, beta, moving_mean, moving_var) in zip(PARTS, outputs, copies):
        np.testing.assert_allclose(output.asnumpy(), out[part], 1e-9)
        np.testing.assert_allclose(moving_mean.asnumpy(), 0.1 * mean, 1e-6)
        np.testing.assert_allclose(moving_var.asnumpy(), 0.9 + 0.1 * var, 1e-6)
        np.testing.assert_allclose(x.grad.asnumpy(), d_data[part], 1e-7, 1e-9)
        # Each from its own batch: whoever trains adds up over the devices.
        np.testing.assert_allclose(gamma.grad.asnumpy(), d_gamma[part].sum((0, 2)), 1e-7)
        np.testing.assert_allclose(beta.grad.asnumpy(), d_beta[part].sum((0, 2)), 1e-7)


@pytest.mark.parametrize("attrs", [{"use_global_stats": True}, {}])
def test_without_batch_statistics_nobody_waits(attrs):
    outputs, copies = run_copies(record=bool(attrs), **attrs)
    want = X / np.sqrt(1 + EPS) * GAMMA.reshape(1, 3, 1) + BETA.reshape(1, 3, 1)
    for part, output, arrays in zip(PARTS, outputs, copies):
        np.testing.assert_allclose(output.asnumpy(), want[part], 1e-6)
        assert arrays[3].asnumpy().tolist() == [0, 0, 0]


def test_one_device_is_batch_norm():
    arrays = [mx.nd.array(a) for a in (X, GAMMA, BETA, np.zeros(3), np.ones(3))]
    with autograd.train_mode():
        found = mx.nd.contrib.SyncBatchNorm(*arrays, key="alone", ndev=1, fix_gamma=False)
        other = mx.nd.BatchNorm(*arrays, fix_gamma=False)
    np.testing.assert_allclose(found.asnumpy(), other.asnumpy(), 1e-6)


@pytest.mark.parametrize("hybrid", [False, True])
def test_gluon_trains_as_with_one_device(hybrid):
    """Two steps on two devices end where two steps on one device with the whole batch do."""
    ends = []
    for devices in (DEVICES, DEVICES[:1]):
        net = nn.HybridSequential()
        net.add(nn.Dense(3, in_units=4, flatten=False, weight_initializer="ones"))
        net.add(nn.SyncBatchNorm(in_channels=6, num_devices=len(devices)))
        net.add(nn.Dense(2, in_units=18, weight_initializer=mx.init.Constant(0.1)))
        net.initialize(ctx=devices)
        if hybrid:
            net.hybridize()
        trainer = mx.gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
        data = mx.nd.array(BATCH)
        for _ in range(2):
            with autograd.record():
                parts = mx.gluon.utils.split_and_load(data, devices)
                losses = [(net(x) ** 2).sum() for x in parts]
            autograd.backward(losses)
            trainer.step(len(data))
        ends.append([p.data(devices[0]).asnumpy() for p in net.collect_params().values()])
    for found, want in zip(*ends):
        np.testing.assert_allclose(found, want, 1e-4, 1e-6)


def test_module_on_two_devices():
    """As test_gluon_...: executors of one module."""
    ends = []
    for devices in (DEVICES, DEVICES[:1]):
        data = mx.sym.var("data")
        net = mx.sym.FullyConnected(data, num_hidden=3, name="fc", flatten=False)
        net = mx.sym.contrib.SyncBatchNorm(
            net, ndev=len(devices), key="module", name="bn", fix_gamma=False
        )
        net = mx.sym.LinearRegressionOutput(net, mx.sym.var("label"), name="out")
        module = mx.mod.Module(net, ["data"], ["label"], context=devices)
        module.bind([("data", (4, 6, 4))], [("label", (4, 6, 3))])
        mx.random.seed(1)
        module.init_params(mx.init.Xavier())
        module.init_optimizer("local", "sgd", {"learning_rate": 0.1})
        batch = mx.io.DataBatch([mx.nd.array(BATCH)], [mx.nd.ones((4, 6, 3))])
        for _ in range(2):
            module.forward_backward(batch)
            module.update()
        args, aux = module.get_params()
        ends.append({k: v.asnumpy() for k, v in {**args, **aux}.items()})
    assert ends[0].keys() == ends[1].keys()
    for name, found in ends[0].items():
        np.testing.assert_allclose(found, ends[1][name], 1e-4, 1e-5, err_msg=name)


def test_a_step_that_was_left_fails_and_the_next_one_works():
    x, gamma, beta, mean, var = run_copies()[1][0]
    with autograd.train_mode():
        attrs = {"ndev": 2, "key": "left", "fix_gamma": False, "eps": EPS}
        alone = mx.nd.contrib.SyncBatchNorm(x, gamma, beta, mean.copy(), var.copy(), **attrs)
    outputs, _ = run_copies(key="left")
    with pytest.raises(ValueError, match=r"copy on cpu\(0\) came again when 1 of 2 copies"):
        alone.asnumpy()
    np.testing.assert_allclose(outputs[0].asnumpy(), expected()[0][PARTS[0]], 1e-9)
    np.testing.assert_allclose(outputs[1].asnumpy(), expected()[0][PARTS[1]], 1e-9)


def test_copies_that_disagree_are_refused():
    arrays = [mx.nd.array(a) for a in (X, GAMMA, BETA, np.zeros(3), np.ones(3))]
    second = [a.copyto(mx.cpu(1)) for a in arrays]
    with autograd.train_mode():
        mx.nd.contrib.SyncBatchNorm(*arrays, key="disagree", ndev=2)
        with pytest.raises(ValueError, match="ndev=3 with key=disagree"):
            mx.nd.contrib.SyncBatchNorm(*second, key="disagree", ndev=3)
        mx.nd.contrib.SyncBatchNorm(*second, key="disagree", ndev=2).asnumpy()


ERRORS = """
import numpy as np
import mxnet as mx
from mxnet import autograd

def copy(device, x):
    arrays = [x, *(mx.nd.ones(3, device) for _ in range(4))]
    return mx.nd.contrib.SyncBatchNorm(*arrays, key="error", ndev=2)

with autograd.train_mode():
    # An input that fails where it is computed, in a thread of the engine.
    bad = mx.nd.linalg.potrf(-mx.nd.ones((300, 300), mx.cpu(0))).reshape((10000, 3, 3))
    outs = [copy(mx.cpu(0), bad), copy(mx.cpu(1), mx.nd.ones((2, 3, 3), mx.cpu(1)))]
for out in outs:
    try:
        out.asnumpy()
    except ValueError as error:
        print(str(error).split(";")[0])
# A step of which a copy is missing at the end of the process.
with autograd.train_mode():
    copy(mx.cpu(0), mx.nd.ones((2, 3, 3)))
"""


def test_errors_reach_all_copies_and_the_process_ends():
    result = subprocess.run(
        [sys.executable, "-c", ERRORS], capture_output=True, text=True, timeout=100
    )
    assert result.returncode == 0, result.stderr
    first, second = result.stdout.splitlines()
    assert "is not positive definite" in first
    assert "the copy on cpu(0) has no data, because of an earlier error" in second


FULL_QUEUE = """
import mxnet as mx
from mxnet import autograd

outs = []
with autograd.train_mode():
    for device in (mx.cpu(0), mx.cpu(1)):
        x = mx.nd.ones((64, 3, 1000), device)
        arrays = [x, *(mx.nd.ones(3, device) for _ in range(4))]
        out = mx.nd.contrib.SyncBatchNorm(*arrays, key="queue", ndev=2)
        for _ in range(30):
            out = out + 1
        outs.append(out)
print([float(out[0, 0, 0].asscalar()) for out in outs])
"""


def test_a_full_queue_does_not_stop_the_loop_over_devices():
    """What waits for the other device fills the queue before that device's turn comes."""
    result = subprocess.run(
        [sys.executable, "-c", FULL_QUEUE],
        capture_output=True,
        text=True,
        timeout=100,
        env={**os.environ, "REMX_QUEUE_LIMIT_MB": "1"},
    )
    assert result.stdout.strip() == "[31.0, 31.0]", result.stderr
