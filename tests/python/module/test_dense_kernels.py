"""Dense layers of compiled graphs against the same layers computed one by one."""

import sys
from pathlib import Path

import numpy as np
import pytest

import mxnet as mx

sys.path.insert(0, str(Path(__file__).parent))
from compiled_kernels import difference, needs_vectors  # noqa: E402

ACTIVATIONS = {
    "none": lambda x: x,
    "relu": mx.sym.relu,
    "leaky": lambda x: mx.sym.LeakyReLU(x, act_type="leaky", slope=0.1),
    "clip": lambda x: mx.sym.clip(x, -0.2, 0.3),
}


def dense(data, hidden, name, **options):
    return mx.sym.FullyConnected(data, num_hidden=hidden, name=name, **options)


@needs_vectors
@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@pytest.mark.parametrize("rows", [1, 2, 4])
def test_few_rows(activation, rows):
    net = ACTIVATIONS[activation](dense(mx.sym.Variable("data"), 1000, "first"))
    net = ACTIVATIONS[activation](dense(net, 24, "second", no_bias=True))
    error, plan = difference(net, (rows, 33, 5, 2))
    assert error < 1e-5
    assert plan.count("kernel=few_rows") == 2


@needs_vectors
def test_few_rows_add_a_residual():
    first = dense(mx.sym.Variable("data"), 160, "first", flatten=False)
    net = mx.sym.relu(dense(first, 160, "second", flatten=False) + first)
    error, plan = difference(net, (1, 3, 40))
    assert error < 1e-5
    assert plan.count("kernel=few_rows") == 2 and "elemwise_add" not in plan


@pytest.mark.parametrize(
    "shape, hidden, activation", [((500, 20), 32, "relu"), ((2, 20), 9, "relu"), ((2, 20), 32, "")]
)
def test_other_dense_layers_are_left_to_others(shape, hidden, activation):
    net = dense(mx.sym.Variable("data"), hidden, "layer")
    net = mx.sym.relu(net) if activation else mx.sym.tanh(net)
    error, plan = difference(net, shape)
    assert error < 1e-5
    assert "kernel=few_rows" not in plan


@needs_vectors
def test_few_rows_keep_nan():
    net = mx.sym.relu(dense(mx.sym.Variable("data"), 160, "layer"))
    data = np.ones((2, 400))
    data[0, 1] = np.nan
    arrays = {
        "data": mx.nd.array(data),
        "layer_weight": -mx.nd.ones((160, 400)),
        "layer_bias": mx.nd.zeros(160),
    }
    executor = net.bind(mx.cpu(), arrays, grad_req="null")
    out = executor.forward(is_train=False)[0].asnumpy()
    assert "kernel=few_rows" in executor.debug_str()
    assert np.isnan(out[0]).all() and (out[1] == 0).all()
