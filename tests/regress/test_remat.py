"""Convolutions were never computed again to save memory: force_mirroring had no effect.

And Gluon had no way to ask for it.
"""

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, gluon
from mxnet.gluon import nn


def symbol(value):
    """Convolutions of which all but the last carry force_mirroring=value."""
    x = mx.sym.Variable("data")
    for i in range(4):
        wish = {"force_mirroring": value} if value and i < 3 else {}
        with mx.AttrScope(**wish):
            x = mx.sym.Convolution(x, kernel=(3, 3), pad=(1, 1), num_filter=16, name=f"conv{i}")
            x = mx.sym.BatchNorm(x, fix_gamma=False, name=f"norm{i}")
            x = mx.sym.Activation(x, act_type="relu", name=f"relu{i}")
    return mx.sym.MakeLoss(mx.sym.sum(x))


def gradients(net):
    executor = net.simple_bind(mx.cpu(), data=(4, 3, 32, 32))
    random = np.random.RandomState(0)
    for array in executor.arg_dict.values():
        array[:] = random.uniform(-1, 1, array.shape)
    executor.forward(is_train=True)
    executor.backward()
    found = {name: array.asnumpy() for name, array in executor.grad_dict.items()}
    found.update({name: array.asnumpy() for name, array in executor.aux_dict.items()})
    return found, executor.debug_str().count("Op:Convolution,")


@pytest.mark.parametrize("value", ["True", "1", "False"])
def test_force_mirroring(value):
    expected, count = gradients(symbol(None))
    found, repeated = gradients(symbol(value))
    assert repeated == count + (0 if value == "False" else 3)
    for name, gradient in expected.items():
        np.testing.assert_allclose(found[name], gradient, rtol=1e-3, atol=1e-3, err_msg=name)


@pytest.mark.parametrize("mode", ["0", "1"])
def test_mirror_stage_chooses_nothing(monkeypatch, mode):
    """As in MXNet 1.9.1: force_mirroring or the variable choose what is repeated."""
    monkeypatch.setenv("MXNET_BACKWARD_DO_MIRROR", mode)

    def plan(**attributes):
        with mx.AttrScope(**attributes):
            net = symbol(None)
        text = net.simple_bind(mx.cpu(), data=(4, 3, 32, 32)).debug_str()
        return [text.count(f"Op:{name},") for name in ("Convolution", "BatchNorm", "Activation")]

    assert plan(mirror_stage="1") == plan(__mirror_stage__="2") == plan()
    assert plan(mirror_stage="1", force_mirroring="True") == plan(__force_mirroring__="1") != plan()


class Residual(gluon.HybridBlock):
    def __init__(self, channels, **kwargs):
        super().__init__(**kwargs)
        with self.name_scope():
            self.body = nn.HybridSequential()
            for _ in range(2):
                self.body.add(nn.Conv2D(channels, 3, padding=1), nn.BatchNorm())
                self.body.add(nn.Activation("relu"), nn.Dropout(0.5))

    def hybrid_forward(self, F, x):
        return x + self.body(x)


def network():
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Conv2D(8, 1, in_channels=3, activation="relu"))
        for _ in range(3):
            net.add(Residual(8))
        net.add(nn.Dense(5))
    return net


def train(remat):
    mx.random.seed(0)
    net = network()
    net.initialize(mx.init.Xavier())
    net.hybridize(remat=remat)
    x = mx.nd.array(np.random.RandomState(0).uniform(-1, 1, (2, 3, 12, 12)))
    net(x)
    random = np.random.RandomState(1)
    for parameter in net.collect_params(".*weight|.*bias").values():
        parameter.set_data(mx.nd.array(random.uniform(-0.3, 0.3, parameter.shape)))
    mx.random.seed(1)
    with autograd.record():
        out = net(x)
    out.backward()
    found = {"out": out.asnumpy()}
    for name, parameter in net.collect_params().items():
        found[name] = parameter.data().asnumpy()
        if parameter.grad_req != "null":
            found[f"gradient of {name}"] = parameter.grad().asnumpy()
    return found, net


@pytest.mark.parametrize("remat", [True, "Residual", ("Other", "Residual")])
def test_blocks_are_repeated_with_the_same_random_numbers(remat):
    expected, _ = train(False)
    found, net = train(remat)
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-3, atol=1e-4, err_msg=name)
    attributes = net._get_graph(mx.nd.zeros((1, 3, 12, 12)))[1].attr_dict()
    wishes = [each.get("__force_mirroring__") for each in attributes.values()]
    assert wishes.count("False") == 3 and wishes.count("True") > 12


def test_other_names_repeat_nothing():
    _, net = train("Nothing")
    attributes = net._get_graph(mx.nd.zeros((1, 3, 12, 12)))[1].attr_dict()
    assert not any("__force_mirroring__" in each for each in attributes.values())
