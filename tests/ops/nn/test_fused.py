"""Fused layers give what their parts give one after the other."""

import numpy as np
import pytest

import mxnet as mx

ACTIVATIONS = {
    "none": lambda x: x,
    "relu": mx.nd.relu,
    "sigmoid": mx.nd.sigmoid,
    "tanh": mx.nd.tanh,
    "leaky": lambda x: mx.nd.LeakyReLU(x, act_type="leaky", slope=0.1),
    "clip": lambda x: mx.nd.clip(x, a_min=0.1, a_max=2.0),
}
BOUNDS = {"leaky": {"alpha": 0.1}, "clip": {"alpha": 0.1, "beta": 2.0}}


def arrays(*shapes):
    rng = np.random.RandomState(0)
    return [mx.nd.array(rng.randn(*shape)) for shape in shapes]


def close(actual, expected):
    np.testing.assert_allclose(actual.asnumpy(), expected.asnumpy(), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_convolution(activation, groups):
    shapes = (2, 6, 7, 8), (20, 6 // groups, 3, 3), (20,), (2, 20, 7, 8)
    data, weight, bias, residual = arrays(*shapes)
    attrs = {"kernel": (3, 3), "pad": (1, 1), "num_filter": 20, "num_group": groups}
    fused = mx.nd._internal._fused_convolution(
        data,
        weight,
        bias,
        residual,
        activation=activation,
        with_residual=True,
        **BOUNDS.get(activation, {}),
        **attrs,
    )
    plain = mx.nd.Convolution(data, weight, bias, **attrs) + residual
    close(fused, ACTIVATIONS[activation](plain))


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_fully_connected(activation):
    data, weight, bias = arrays((3, 2, 5), (7, 10), (7,))
    fused = mx.nd._internal._fused_fully_connected(
        data, weight, bias, num_hidden=7, activation=activation, **BOUNDS.get(activation, {})
    )
    close(fused, ACTIVATIONS[activation](mx.nd.FullyConnected(data, weight, bias, num_hidden=7)))


@pytest.mark.parametrize("activation", ["none", "relu", "tanh"])
def test_channel_affine(activation):
    data, scale, shift = arrays((2, 5, 4, 3), (5,), (5,))
    affine = mx.nd._internal._channel_affine(data, scale, shift, activation=activation)
    wide = mx.nd.broadcast_mul(data, scale.reshape((1, 5, 1, 1)))
    expected = mx.nd.broadcast_add(wide, shift.reshape((1, 5, 1, 1)))
    close(affine, ACTIVATIONS[activation](expected))
