"""Dropout between the layers of RNN drew other numbers than MXNet 1.9.1 does for the same seed.

The numbers are those of MXNet 1.9.1 in float64 with one thread; in float32 it drops nothing unless
MXNET_USE_MKLDNN_RNN=0 is set.
"""

import numpy as np
import pytest

import mxnet as mx

GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1}
# First results by mode and directions, and a shuffle afterwards, which draws from the same stream.
STORED = [
    ("lstm", 1, [0.03418608, -0.32613589, -0.03265805, -0.10469086, 0.00680202, -0.32761265]),
    ("lstm", 2, [-0.01958635, 0.007272, -0.23169225, -0.24471306, 0.02359866, 0.02470806]),
    ("gru", 1, [0.7383839, 0.76602936, 0.83483859, 0.41920752, 0.8370047, 0.84613347]),
    ("gru", 2, [0.06972575, -0.16873789, -0.09076309, -0.16407451, 0.15084964, -0.18460162]),
    ("rnn_tanh", 1, [0.03716544, 0.43587437, -0.85260058, 0.98024574, 0.47464156, 0.92862074]),
    ("rnn_tanh", 2, [-0.97538885, -0.75195438, -0.5708641, -0.79133704, 0.76785429, -0.99454668]),
]
SHUFFLED = {1: [5, 7, 1, 0, 2, 6, 3, 4], 2: [4, 1, 3, 5, 0, 7, 6, 2]}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("mode, directions, expected", STORED)
def test_outputs(mode, directions, expected, dtype):
    rows = directions * GATES[mode] * 2
    size = rows * (2 + 2) + rows * (2 * directions + 2) + 4 * rows
    parameters = mx.nd.array(np.sin(np.arange(size)), dtype=dtype)
    data = mx.nd.array(np.cos(np.arange(12)).reshape(3, 2, 2), dtype=dtype)
    states = [mx.nd.zeros((2 * directions, 2, 2), dtype=dtype)] * (2 if mode == "lstm" else 1)
    mx.random.seed(5)
    with mx.autograd.record():
        out = mx.nd.RNN(
            data,
            parameters,
            *states,
            mode=mode,
            state_size=2,
            num_layers=2,
            p=0.4,
            bidirectional=directions == 2,
        )
    np.testing.assert_allclose(out.asnumpy().ravel()[:6], expected, rtol=1e-5, atol=1e-6)
    assert mx.nd.shuffle(mx.nd.arange(8)).asnumpy().tolist() == SHUFFLED[directions]


def test_prediction_drops_nothing():
    net = mx.gluon.rnn.LSTM(4, 2, dropout=0.9)
    net.initialize()
    x = mx.nd.ones((3, 2, 4))
    plain = net(x).asnumpy()
    np.testing.assert_array_equal(net(x).asnumpy(), plain)
    with mx.autograd.record():
        assert np.abs(net(x).asnumpy() - plain).max() > 1e-3
