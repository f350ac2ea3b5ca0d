"""Programs that run with this library and with MXNet 1.9.1; what the latter gave is stored.

`tools/oracle/write_gluon_results.py` writes `results.json` with MXNet 1.9.1.
"""

import numpy as np

import mxnet as mx
from mxnet import autograd, gluon
from mxnet.gluon import nn


def _numbers(array):
    return [float(f"{value:.7g}") for value in array.asnumpy().ravel()]


def _loss_inputs():
    rng = np.random.RandomState(0)
    pred = rng.randn(4, 5).astype("float32")
    label = rng.rand(4, 5).astype("float32")
    return {
        "pred": pred,
        "label": label,
        "signs": np.sign(rng.randn(4, 5)).astype("float32"),
        "classes": rng.randint(0, 5, 4).astype("float32"),
        "weight": rng.rand(4, 1).astype("float32"),
        "positive": rng.rand(1, 5).astype("float32") + 0.5,
        "softmax": np.exp(label) / np.exp(label).sum(1, keepdims=True),
        "probability": label * 0.9 + 0.05,
        "picture": rng.randn(2, 3, 4, 5).astype("float32"),
        "pixels": rng.randint(0, 3, (2, 4, 5)).astype("float32"),
    }


# Name, class, its arguments, and the inputs.
LOSSES = [
    ("l2", "L2Loss", {}, "pred label"),
    ("l2 weighted", "L2Loss", {"weight": 2.0}, "pred label weight"),
    ("l1", "L1Loss", {"weight": 3, "batch_axis": 1}, "pred label"),
    ("binary", "SigmoidBCELoss", {}, "pred label"),
    ("binary weighted", "SigmoidBCELoss", {}, "pred label weight positive"),
    ("binary sigmoid", "SigmoidBCELoss", {"from_sigmoid": True}, "probability label weight"),
    (
        "binary sigmoid positive",
        "SigmoidBCELoss",
        {"from_sigmoid": True},
        "probability label weight positive",
    ),
    ("classes", "SoftmaxCELoss", {}, "pred classes"),
    ("classes weighted", "SoftmaxCELoss", {"weight": 2}, "pred classes weight"),
    ("classes dense", "SoftmaxCELoss", {"sparse_label": False}, "pred softmax"),
    ("classes from logits", "SoftmaxCELoss", {"from_logits": True}, "pred classes"),
    ("classes of pixels", "SoftmaxCELoss", {"axis": 1}, "picture pixels"),
    ("kl", "KLDivLoss", {}, "pred softmax"),
    ("kl of scores", "KLDivLoss", {"from_logits": False, "axis": 1}, "pred softmax weight"),
    ("huber", "HuberLoss", {"rho": 0.5}, "pred label"),
    ("hinge", "HingeLoss", {}, "pred signs"),
    ("squared hinge", "SquaredHingeLoss", {"margin": 0.7}, "pred signs weight"),
    ("logistic", "LogisticLoss", {}, "pred signs"),
    ("logistic binary", "LogisticLoss", {"label_format": "binary"}, "pred label"),
    ("triplet", "TripletLoss", {}, "pred label signs"),
    ("poisson", "PoissonNLLLoss", {}, "pred label"),
    ("poisson of rates", "PoissonNLLLoss", {"from_logits": False}, "probability label"),
    ("cosine", "CosineEmbeddingLoss", {"margin": 0.1}, "pred label classes"),
    ("metric", "SDMLLoss", {}, "pred label"),
    ("metric little smoothing", "SDMLLoss", {"smoothing_parameter": 0.1}, "pred label"),
]


def loss_values(name, kind, arguments, inputs):
    """Shape, values and gradient of a loss."""
    given = _loss_inputs()
    arrays = [mx.nd.array(given[each]) for each in inputs.split()]
    arrays[0].attach_grad()
    with autograd.record():
        loss = getattr(gluon.loss, kind)(**arguments)(*arrays)
    loss.backward()
    return [list(loss.shape), _numbers(loss), _numbers(arrays[0].grad)]


def mlp():
    net = nn.HybridSequential(prefix="mlp_")
    with net.name_scope():
        net.add(nn.Dense(16, activation="relu"), nn.Dropout(0), nn.Dense(5))
    return net


def lenet():
    net = nn.HybridSequential(prefix="lenet_")
    with net.name_scope():
        net.add(nn.Conv2D(6, 5, activation="tanh"), nn.MaxPool2D(2, 2))
        net.add(nn.Conv2D(8, 3, activation="tanh"), nn.AvgPool2D(2, 2))
        net.add(nn.Flatten(), nn.Dense(20, activation="sigmoid"), nn.Dense(5))
    return net


class Residual(gluon.HybridBlock):
    def __init__(self, channels, stride, **kwargs):
        super().__init__(**kwargs)
        with self.name_scope():
            self.body = nn.HybridSequential(prefix="")
            self.body.add(nn.Conv2D(channels, 3, stride, 1, use_bias=False), nn.BatchNorm())
            self.body.add(nn.Activation("relu"))
            self.body.add(nn.Conv2D(channels, 3, 1, 1, use_bias=False), nn.BatchNorm())
            self.shortcut = nn.Conv2D(channels, 1, stride) if stride > 1 else None

    def hybrid_forward(self, F, x):
        short = x if self.shortcut is None else self.shortcut(x)
        return F.Activation(self.body(x) + short, act_type="relu")


def resnet20():
    net = nn.HybridSequential(prefix="resnet_")
    with net.name_scope():
        net.add(nn.Conv2D(4, 3, 1, 1, use_bias=False), nn.BatchNorm(), nn.Activation("relu"))
        for stage, channels in enumerate((4, 8, 16)):
            for number in range(3):
                net.add(Residual(channels, 2 if stage and not number else 1))
        net.add(nn.GlobalAvgPool2D(), nn.Dense(5))
    return net


# What makes a network, the shape of its batch, its learning rate, type and number of steps. In
# float32 rounding decides at length whether units of ReLU that are nearly zero are on.
NETWORKS = {
    "mlp": (mlp, (8, 12), 0.1, "float32", 20),
    "lenet": (lenet, (8, 1, 16, 16), 0.1, "float32", 20),
    "resnet20": (resnet20, (16, 3, 16, 16), 0.01, "float32", 3),
    "resnet20 float64": (resnet20, (16, 3, 16, 16), 0.01, "float64", 20),
}


def training(name, hybrid=False):
    """Names, shapes and first values of a network's parameters, and its losses in training."""
    make, shape, rate, dtype, steps = NETWORKS[name]
    rng = np.random.RandomState(1)
    data = mx.nd.array(rng.rand(*shape)).astype(dtype)
    label = mx.nd.array(rng.randint(0, 5, shape[0]))
    mx.random.seed(7)
    np.random.seed(7)
    net = make()
    net.initialize(mx.init.Xavier())
    net.cast(dtype)
    net(data)
    parameters = [
        [key, list(each.shape), _numbers(each.data())[:3]]
        for key, each in net.collect_params().items()
    ]
    if hybrid:
        net.hybridize()
    trainer = gluon.Trainer(
        net.collect_params(), "sgd", {"learning_rate": rate, "momentum": 0.9, "wd": 1e-4}
    )
    losses = []
    for _ in range(steps):
        with autograd.record():
            loss = gluon.loss.SoftmaxCrossEntropyLoss()(net(data), label)
        loss.backward()
        trainer.step(shape[0])
        losses.append(float(loss.mean().asscalar()))
    return {"parameters": parameters, "losses": losses}


# Layers, as they are made.
LAYERS = """nn.Dense(3) nn.Dense(3,activation='relu',in_units=2,use_bias=False) nn.Dropout(.5)
nn.Activation('relu') nn.LeakyReLU(.1) nn.PReLU() nn.ELU() nn.SELU() nn.GELU() nn.Swish()
nn.BatchNorm(in_channels=3) nn.BatchNorm(scale=False,axis=-1) nn.InstanceNorm()
nn.LayerNorm(in_channels=5,scale=False) nn.GroupNorm() nn.Embedding(5,3) nn.Flatten()
nn.Conv1D(4,3) nn.Conv2D(4,3,in_channels=2,groups=2,padding=1,strides=2,use_bias=False)
nn.Conv2D(4,(3,2),layout='NHWC',in_channels=2,activation='tanh') nn.Conv3D(4,3)
nn.Conv1DTranspose(4,3) nn.Conv2DTranspose(4,3,in_channels=2,output_padding=1,strides=2)
nn.Conv3DTranspose(4,3) nn.MaxPool1D() nn.MaxPool2D(3,2,1,ceil_mode=True) nn.MaxPool3D()
nn.AvgPool1D() nn.AvgPool2D(count_include_pad=False) nn.AvgPool3D() nn.GlobalMaxPool1D()
nn.GlobalMaxPool2D() nn.GlobalMaxPool3D() nn.GlobalAvgPool1D() nn.GlobalAvgPool2D()
nn.GlobalAvgPool3D(layout='NDHWC') nn.ReflectionPad2D(2) nn.HybridLambda('relu')
gluon.contrib.nn.Identity() gluon.contrib.nn.PixelShuffle2D(2) gluon.contrib.nn.PixelShuffle1D(2)
gluon.contrib.nn.PixelShuffle3D((1,2,3)) gluon.contrib.nn.SparseEmbedding(4,3)""".split()


def layer(text):
    """How a layer prints, its parameters, and the names of the nodes that it makes."""
    with mx.name.NameManager():
        block = eval(text, {"nn": nn, "gluon": gluon})
        parameters = [[key, repr(each), each.grad_req] for key, each in block._reg_params.items()]
        outputs = []
        if isinstance(block, gluon.HybridBlock):
            outputs = block(mx.sym.var("x")).get_internals().list_outputs()
    return [repr(block), block.name, parameters, outputs]


# Cells of contrib, and the shape of one input.
CELLS = {
    "rnn.Conv1DRNNCell((2,6),3,3,3)": (2, 2, 6),
    "rnn.Conv1DLSTMCell((2,6),3,3,3,i2h_pad=1)": (2, 2, 6),
    "rnn.Conv2DGRUCell((2,5,5),3,(3,3),(3,3),i2h_pad=(1,1),activation='relu')": (2, 2, 5, 5),
    "rnn.Conv2DLSTMCell((2,5,5),3,3,3)": (2, 2, 5, 5),
    "rnn.Conv3DRNNCell((1,4,4,4),2,3,3)": (1, 1, 4, 4, 4),
    "rnn.LSTMPCell(4,3)": (2, 5),
}


def cell_steps(text, shape):
    """How a cell prints, its parameters and nodes, and its outputs and states after two steps."""
    from mxnet.gluon.contrib import rnn

    with mx.name.NameManager():
        cell = eval(text, {"rnn": rnn})
        states = cell.begin_state(func=mx.sym.zeros)
        nodes = cell(mx.sym.var("x"), states)[0].get_internals().list_outputs()
    mx.random.seed(1)
    cell.initialize(mx.init.Uniform(0.3))
    cell.reset()
    x = mx.nd.array(np.random.RandomState(0).randn(*shape))
    states = cell.begin_state(batch_size=shape[0])
    for _ in range(2):
        output, states = cell(x, states)
    parameters = [[key, list(each.shape)] for key, each in cell._reg_params.items()]
    values = [_numbers(each) for each in (output, *states)]
    return [[repr(cell), parameters, nodes], values]


def picture():
    return mx.nd.array(np.random.RandomState(0).randint(0, 255, (4, 5, 3)), dtype="uint8")


# Transforms of a picture that draw nothing.
TRANSFORMS = """T.Resize(3) T.Resize((6,2)) T.Resize(3,keep_ratio=True) T.CenterCrop(2)
T.CenterCrop((3,2)) T.CenterCrop(7) T.CropResize(1,0,3,2) T.CropResize(1,0,3,2,(4,5),1)
T.Cast('float16') T.ToTensor() T.Compose([T.Resize(3),T.ToTensor()])
T.Compose([T.ToTensor(),T.Normalize(.5,.25)])
T.Compose([T.ToTensor(),T.Normalize((.5,.4,.3),(.25,.2,.1))])
T.Compose([T.ToTensor(),T.Rotate(30)])""".split()


def transformed(text):
    """Type, shape and elements of a transformed picture."""
    out = eval(text, {"T": gluon.data.vision.transforms})(picture())
    return [out.dtype.__name__, list(out.shape), _numbers(out)]


def results():
    """Everything, by the name of its program."""
    return {
        "losses": {row[0]: loss_values(*row) for row in LOSSES},
        "training": {name: training(name) for name in NETWORKS},
        "layers": {text: layer(text) for text in LAYERS},
        "cells": {text: cell_steps(text, shape) for text, shape in CELLS.items()},
        "transforms": {text: transformed(text) for text in TRANSFORMS},
    }
