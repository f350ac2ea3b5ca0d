"""Layers of mx.gluon.contrib.cnn."""

import json

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd
from mxnet.gluon.contrib import cnn

LAYERS = [cnn.DeformableConvolution, cnn.ModulatedDeformableConvolution]
X = np.random.default_rng(5).normal(size=(2, 4, 5, 6)).astype("float32")


@pytest.mark.parametrize("layer", LAYERS)
def test_without_moves_it_is_a_convolution(layer):
    """The second convolution begins with zeros: no moves, and factors of sigmoid(0) * 2 = 1."""
    block = layer(3, kernel_size=(3, 3), padding=(1, 1), num_deformable_group=2, groups=1)
    block.initialize(mx.init.Normal(1))
    plain = mx.gluon.nn.Conv2D(3, 3, padding=1)
    plain.initialize()
    found = block(mx.nd.array(X))
    plain(mx.nd.array(X))
    plain.weight.set_data(block.deformable_conv_weight.data())
    plain.bias.set_data(block.deformable_conv_bias.data())
    np.testing.assert_allclose(found.asnumpy(), plain(mx.nd.array(X)).asnumpy(), 1e-4, 1e-5)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("hybrid", [False, True])
def test_moves_are_learned(layer, hybrid):
    block = layer(2, kernel_size=3, padding=1, activation="relu", use_bias=False)
    block.initialize(mx.init.Normal(0.3))
    if hybrid:
        block.hybridize()
    with autograd.record():
        total = block(mx.nd.array(X)).sum()
    total.backward()
    assert np.abs(block.offset_bias.grad().asnumpy()).sum() > 0
    assert block.deformable_conv_bias is None


def test_names_are_those_of_saved_networks():
    block = cnn.ModulatedDeformableConvolution(6, (3, 3), prefix="m_", use_bias=False)
    names = ["m_deformable_conv_weight", "m_offset_bias", "m_offset_weight"]
    assert sorted(block.collect_params()) == names
    nodes = json.loads(block(mx.sym.var("data")).tojson())["nodes"]
    assert nodes[-1]["op"] == "_contrib_ModulatedDeformableConvolution"
    assert nodes[-1]["name"] == "m_fwd"
    offset = next(n for n in nodes if n["op"] == "Convolution")
    assert offset["attrs"]["num_filter"] == "27"


def test_layouts_that_are_not_there_are_refused():
    with pytest.raises(AssertionError, match="layout='NHWC'"):
        cnn.DeformableConvolution(3, layout="NHWC")


def test_what_they_show():
    layer = cnn.DeformableConvolution(
        3, (3, 3), (2, 1), (1, 2), (2, 2), 2, in_channels=4, use_bias=False, activation="tanh"
    )
    assert repr(layer) == (
        "DeformableConvolution(2 -> 3, kernel_size=(3, 3), stride=(2, 1), padding=(1, 2), "
        "dilation=(2, 2), groups=2, bias=False, Activation(tanh))"
    )
    assert repr(cnn.DeformableConvolution(3)) == (
        "DeformableConvolution(None -> 3, kernel_size=(1, 1), stride=(1, 1))"
    )
