"""Last states of a recurrent layer could not begin the next sequence after backward: the layer's
tape was freed, and its states, which the loss did not use, still led there. The layer is one
operator to users: after backward its states are constants, as in MXNet 1.9.1.
"""

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, nd
from mxnet.gluon import rnn


@pytest.mark.parametrize("hybridized", [False, True])
@pytest.mark.parametrize("make", [rnn.LSTM, rnn.GRU, rnn.RNN])
def test_states_begin_the_next_sequence(make, hybridized):
    layer = make(3, 2, input_size=2)
    layer.initialize(mx.init.One())
    if hybridized:
        layer.hybridize()
    x = nd.ones((4, 1, 2)) * 0.1
    state = layer.begin_state(batch_size=1)
    for _ in range(3):
        before = [s.copy() for s in state]
        with autograd.record():
            outputs, state = layer(x, state)
            loss = outputs.sum()
        loss.backward()
        gradient = layer.l0_h2h_weight.grad().asnumpy()
        with autograd.record():  # the same from states that were never recorded
            loss = layer(x, before)[0].sum()
        loss.backward()
        np.testing.assert_allclose(gradient, layer.l0_h2h_weight.grad().asnumpy(), rtol=1e-6)


def test_states_may_be_written_after_backward():
    layer = rnn.LSTM(3, input_size=2)
    layer.initialize()
    x = nd.ones((4, 1, 2))
    with autograd.record():
        outputs, state = layer(x, layer.begin_state(batch_size=1))
        outputs.backward()
        state[0][:] = 0  # no part holds it any more


def test_loops_are_one_operator():
    w = nd.array([2.0])
    w.attach_grad()
    state = nd.ones(1)
    for _ in range(2):
        with autograd.record():
            outputs, state = mx.nd.contrib.foreach(
                lambda x, s: (x * w, s * w + 0), nd.ones((2, 1)), state
            )
        outputs.backward()
        assert w.grad.asscalar() == 2


def test_kept_tapes_keep_their_states():
    layer = rnn.GRU(3, input_size=2)
    layer.initialize()
    x = nd.ones((4, 1, 2))
    with autograd.record():
        outputs, state = layer(x, layer.begin_state(batch_size=1))
    outputs.backward(retain_graph=True)
    state[0].backward()
    with pytest.raises(ValueError, match="freed"):
        outputs.backward()
