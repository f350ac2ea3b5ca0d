"""Layers, losses, metrics and networks give on arrays of mx.np what they give on those of mx.nd."""

import numpy as onp
import pytest

import mxnet as mx
from mxnet import autograd, gluon
from mxnet.gluon import nn, rnn

RNG = onp.random.RandomState(7)
MATRIX = RNG.rand(4, 6).astype("float32") + 0.1
SEQUENCE = RNG.rand(3, 4, 6).astype("float32")
PICTURES = RNG.rand(2, 4, 6, 6).astype("float32")

LAYERS = {
    "GroupNorm": (lambda: nn.GroupNorm(num_groups=2), PICTURES),
    "InstanceNorm": (nn.InstanceNorm, PICTURES),
    "ReflectionPad2D": (lambda: nn.ReflectionPad2D(1), PICTURES),
    "Lambda": (lambda: nn.Lambda("relu"), MATRIX),
    "HybridLambda": (lambda: nn.HybridLambda("relu"), MATRIX),
    "HybridConcurrent": (lambda: _concurrent(gluon.contrib.nn.HybridConcurrent), MATRIX),
    "PixelShuffle1D": (lambda: gluon.contrib.nn.PixelShuffle1D(2), SEQUENCE),
    "PixelShuffle2D": (lambda: gluon.contrib.nn.PixelShuffle2D(2), PICTURES),
    "PixelShuffle3D": (lambda: gluon.contrib.nn.PixelShuffle3D(2), RNG.rand(1, 8, 2, 2, 2)),
    "SyncBatchNorm": (gluon.contrib.nn.SyncBatchNorm, PICTURES),
    "BatchNormReLU": (nn.BatchNormReLU, PICTURES),
    "SparseEmbedding": (lambda: nn.Embedding(5, 3, sparse_grad=True), RNG.randint(0, 5, (2, 3))),
    "DeformableConvolution": (
        lambda: gluon.contrib.cnn.DeformableConvolution(2, (2, 2), in_channels=4),
        PICTURES,
    ),
    "ModulatedDeformableConvolution": (
        lambda: gluon.contrib.cnn.ModulatedDeformableConvolution(2, (2, 2), in_channels=4),
        PICTURES,
    ),
    "LSTM": (lambda: rnn.LSTM(3, 2, bidirectional=True), SEQUENCE),
    "projected LSTM": (lambda: rnn.LSTM(3, projection_size=2), SEQUENCE),
    "GRU in a network": (lambda: _chain(rnn.GRU(3), nn.Dense(2)), SEQUENCE),
}


def _concurrent(kind):
    block = kind(axis=1)
    block.add(nn.Dense(2), nn.Dense(3))
    return block


def _chain(*blocks):
    net = nn.HybridSequential()
    net.add(*blocks)
    return net


class Fixed(mx.init.Initializer):
    """Numbers that do not depend on how the two interfaces draw them."""

    def _init_weight(self, name, arr):
        arr[:] = onp.random.RandomState(arr.size).uniform(-0.5, 0.5, arr.shape)


def run(make, inputs, is_numpy, hybridize=False):
    """Outputs, and gradients of inputs and parameters, all of the class that is asked for."""
    mx.random.seed(3)
    with mx.util.np_shape(is_numpy), mx.util.np_array(is_numpy):
        block = make()
        block.initialize(Fixed())
        if hybridize:
            block.hybridize()
        arrays = [mx.nd.array(each, dtype=each.dtype)._with_interface(is_numpy) for each in inputs]
        for array in arrays:
            array.attach_grad()
        with autograd.record():
            result = block(*arrays)
        outputs = list(result) if isinstance(result, (list, tuple)) else [result]
        autograd.backward(outputs)
        gradients = [array.grad for array in arrays]
        parameters = block.collect_params().values()
        gradients += [each.grad() for each in parameters if each.grad_req != "null"]
    kind = mx.np.ndarray if is_numpy else mx.nd.NDArray
    for each in (*outputs, *gradients):
        assert type(each) is kind or each.stype != "default"
    return outputs, gradients


def same_results(make, *inputs, hybridize=False):
    expected, wanted = run(make, inputs, False)
    outputs, gradients = run(make, inputs, True, hybridize)
    for found, known in zip((*outputs, *gradients), (*expected, *wanted), strict=True):
        onp.testing.assert_allclose(
            found.asnumpy().ravel(), known.asnumpy().ravel(), rtol=1e-5, atol=1e-6
        )


@pytest.mark.parametrize("hybridize", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_layers_compute_the_same(name, hybridize):
    make, inputs = LAYERS[name]
    same_results(make, onp.asarray(inputs, dtype="float32"), hybridize=hybridize)


SIGNS = onp.where(RNG.rand(4, 6) > 0.5, 1, -1).astype("float32")
SHARES = (MATRIX / MATRIX.sum(axis=1, keepdims=True)).astype("float32")
LOSSES = {
    "L2Loss": (gluon.loss.L2Loss, MATRIX, MATRIX[::-1].copy()),
    "SoftmaxCELoss": (gluon.loss.SoftmaxCELoss, MATRIX, onp.arange(4, dtype="float32")),
    "KLDivLoss": (lambda: gluon.loss.KLDivLoss(from_logits=False), MATRIX, SHARES),
    "HuberLoss": (lambda: gluon.loss.HuberLoss(rho=0.3), MATRIX, MATRIX[::-1].copy()),
    "HingeLoss": (gluon.loss.HingeLoss, MATRIX, SIGNS),
    "SquaredHingeLoss": (gluon.loss.SquaredHingeLoss, MATRIX, SIGNS),
    "LogisticLoss": (gluon.loss.LogisticLoss, MATRIX, SIGNS),
    "binary LogisticLoss": (
        lambda: gluon.loss.LogisticLoss(label_format="binary"),
        MATRIX,
        SIGNS * 0.5 + 0.5,
    ),
    "TripletLoss": (gluon.loss.TripletLoss, MATRIX, MATRIX + 0.1, MATRIX[::-1].copy()),
    "PoissonNLLLoss": (gluon.loss.PoissonNLLLoss, MATRIX, MATRIX * 2),
    "full PoissonNLLLoss": (
        lambda: gluon.loss.PoissonNLLLoss(from_logits=False, compute_full=True),
        MATRIX,
        MATRIX * 3,
    ),
    "CosineEmbeddingLoss": (
        lambda: gluon.loss.CosineEmbeddingLoss(margin=0.1),
        MATRIX,
        MATRIX[::-1].copy(),
        SIGNS[:, 0].copy(),
    ),
    "SDMLLoss": (gluon.loss.SDMLLoss, MATRIX, MATRIX[::-1].copy()),
    "CTCLoss": (
        gluon.loss.CTCLoss,
        RNG.rand(2, 4, 3).astype("float32"),
        onp.array([[0, 1], [1, -1]], dtype="float32"),
    ),
}


@pytest.mark.parametrize("hybridize", [False, True])
@pytest.mark.parametrize("name", LOSSES)
def test_losses_compute_the_same(name, hybridize):
    same_results(*LOSSES[name], hybridize=hybridize)


CELLS = {
    "RNNCell": lambda: rnn.RNNCell(3),
    "LSTMCell": lambda: rnn.LSTMCell(3),
    "GRUCell": lambda: rnn.GRUCell(3),
    "ResidualCell": lambda: rnn.ResidualCell(rnn.GRUCell(6)),
    "ZoneoutCell": lambda: rnn.ZoneoutCell(rnn.LSTMCell(3)),
    "DropoutCell": lambda: rnn.DropoutCell(0.0),
    "BidirectionalCell": lambda: rnn.BidirectionalCell(rnn.LSTMCell(3), rnn.LSTMCell(3)),
    "HybridSequentialRNNCell": lambda: _stack(rnn.LSTMCell(3), rnn.GRUCell(2)),
    "LSTMPCell": lambda: gluon.contrib.rnn.LSTMPCell(4, 3),
    "VariationalDropoutCell": lambda: gluon.contrib.rnn.VariationalDropoutCell(rnn.RNNCell(3)),
}


def _stack(*cells):
    stack = rnn.HybridSequentialRNNCell()
    for cell in cells:
        stack.add(cell)
    return stack


class Unrolled(gluon.HybridBlock):
    """A cell over all steps, and its states."""

    def __init__(self, cell, merge, **kwargs):
        super().__init__(**kwargs)
        self.merge = merge
        with self.name_scope():
            self.cell = cell

    def hybrid_forward(self, F, x):
        outputs, states = self.cell.unroll(4, x, merge_outputs=self.merge)
        return [outputs, *states] if self.merge else [*outputs, *states]


@pytest.mark.parametrize("merge", [False, True])
@pytest.mark.parametrize("hybridize", [False, True])
@pytest.mark.parametrize("name", CELLS)
def test_cells_compute_the_same(name, hybridize, merge):
    same_results(lambda: Unrolled(CELLS[name](), merge), SEQUENCE, hybridize=hybridize)


def test_cell_takes_the_length_of_each_sequence():
    with mx.util.np_shape(), mx.util.np_array():
        cell = rnn.LSTMCell(3)
        cell.initialize()
        lengths = mx.np.array([1, 4, 2])
        outputs, states = cell.unroll(
            4, mx.np.array(SEQUENCE), merge_outputs=True, valid_length=lengths
        )
        assert type(outputs) is mx.np.ndarray and type(states[0]) is mx.np.ndarray
        found = outputs.asnumpy()
        assert (found[0, 1:] == 0).all() and (found[2, 2:] == 0).all() and (found[1, 3] != 0).all()
        onp.testing.assert_array_equal(found[0, 0], states[0].asnumpy()[0])


METRICS = [
    "acc",
    ("top_k_accuracy", 2),
    "f1",
    "mcc",
    "mae",
    "mse",
    "rmse",
    "ce",
    "nll_loss",
    ("perplexity", None),
    "loss",
]


@pytest.mark.parametrize("name", METRICS)
def test_metrics_count_the_same(name):
    name, *args = name if isinstance(name, tuple) else (name,)
    labels = onp.array([1, 0, 1], dtype="float32")
    predictions = onp.array([[0.3, 0.7], [0.6, 0.4], [0.9, 0.1]], dtype="float32")
    if name in ("mae", "mse", "rmse"):
        predictions = predictions[:, 1].copy()
    results = []
    for make in (mx.nd.array, mx.np.array):
        metric = mx.metric.create(name, *args)
        metric.update([make(labels)], [make(predictions)])
        metric.update(make(labels), make(predictions))
        results.append(metric.get())
    assert results[0] == results[1]


@pytest.mark.parametrize("name", ["resnet18_v1", "mobilenetv2_0.25", "resnet18_v2"])
def test_networks_of_the_zoo_compute_the_same(name):
    pictures = RNG.rand(1, 3, 64, 64).astype("float32")
    results = []
    for is_numpy in (False, True):
        with mx.util.np_shape(is_numpy), mx.util.np_array(is_numpy):
            net = gluon.model_zoo.vision.get_model(name, classes=5)
            net.initialize(Fixed())
            net.hybridize(static_alloc=True)
            results.append(net(mx.nd.array(pictures)._with_interface(is_numpy)))
    assert type(results[1]) is mx.np.ndarray
    onp.testing.assert_allclose(results[1].asnumpy(), results[0].asnumpy(), rtol=1e-4, atol=1e-5)
