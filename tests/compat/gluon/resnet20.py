"""A ResNet-20 for small pictures, trained for 20 steps with each optimizer; run by the test and by
MXNet 1.9.1."""

import numpy as np

import mxnet as mx
from mxnet import autograd, gluon
from mxnet.gluon import nn

STEPS = 20
OPTIMIZERS = {
    "sgd": {"learning_rate": 0.05, "momentum": 0.9, "wd": 1e-4},
    "nag": {"learning_rate": 0.05, "momentum": 0.9},
    "signum": {"learning_rate": 0.001, "momentum": 0.9, "wd_lh": 1e-4},
    "ftml": {"learning_rate": 0.0025},
    "lbsgd": {"learning_rate": 0.05, "momentum": 0.9},
    "lars": {"learning_rate": 0.5, "momentum": 0.9, "eta": 0.005},
    "dcasgd": {"learning_rate": 0.05},
    "sgld": {"learning_rate": 1e-5},
    "adam": {"learning_rate": 0.001},
    "adagrad": {"learning_rate": 0.002},
    "rmsprop": {"learning_rate": 2e-4, "centered": True},
    "adadelta": {},
    "ftrl": {"learning_rate": 0.05},
    "adamax": {"learning_rate": 0.002, "wd": 1e-3},
    "nadam": {"learning_rate": 0.001},
    "lamb": {"learning_rate": 0.01},
}
# In double precision 1.9.1 refuses these.
SINGLE = {"adagrad", "rmsprop", "adadelta", "ftrl"}


class Unit(gluon.HybridBlock):
    def __init__(self, channels, stride, grows):
        super().__init__()
        with self.name_scope():
            self.body = nn.HybridSequential()
            self.body.add(
                nn.Conv2D(channels, 3, stride, 1, use_bias=False),
                nn.BatchNorm(),
                nn.Activation("relu"),
                nn.Conv2D(channels, 3, 1, 1, use_bias=False),
                nn.BatchNorm(),
            )
            self.shortcut = nn.HybridSequential()
            if grows:
                self.shortcut.add(nn.Conv2D(channels, 1, stride, use_bias=False), nn.BatchNorm())

    def hybrid_forward(self, F, x):
        return F.Activation(self.body(x) + self.shortcut(x), act_type="relu")


def network():
    net = nn.HybridSequential()
    with net.name_scope():
        net.add(nn.Conv2D(8, 3, 1, 1, use_bias=False), nn.BatchNorm(), nn.Activation("relu"))
        for stage, channels in enumerate((8, 16, 32)):
            for i in range(3):
                first = stage > 0 and i == 0
                net.add(Unit(channels, 2 if first else 1, first))
        net.add(nn.GlobalAvgPool2D(), nn.Dense(4))
    return net


def losses(optimizer, hybridize):
    """The loss of each step; in double precision where that works, as training amplifies every
    rounding."""
    dtype = "float32" if optimizer in SINGLE else "float64"
    mx.random.seed(1)
    net = network()
    net.initialize(mx.init.Xavier())
    net.cast(dtype)
    if hybridize:
        net.hybridize()
    numbers = np.random.RandomState(0)
    data = mx.nd.array(numbers.uniform(-1, 1, (6, 3, 8, 8)), dtype=dtype)
    label = mx.nd.array([0, 1, 2, 3, 0, 1], dtype=dtype)
    loss_of = gluon.loss.SoftmaxCrossEntropyLoss()
    net(data)
    mx.random.seed(2)
    trainer = gluon.Trainer(net.collect_params(), optimizer, dict(OPTIMIZERS[optimizer]))
    found = []
    for _ in range(STEPS):
        with autograd.record():
            loss = loss_of(net(data), label)
        loss.backward()
        trainer.step(6)
        found.append(loss.mean())
    return [float(value.asscalar()) for value in found]
