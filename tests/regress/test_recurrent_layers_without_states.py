"""Hooks of recurrent layers, and summary(), saw states that nobody had asked for; an LSTM with one
state ended in an IndexError, and a GRU took projection_size without a word."""

import pytest

import mxnet as mx
from mxnet.gluon import rnn

X = mx.nd.ones((3, 2, 5))


def test_what_hooks_see():
    layer = rnn.LSTM(4)
    layer.initialize()
    seen = []
    layer.register_forward_hook(lambda block, inputs, outputs: seen.append((inputs, outputs)))
    layer(X)
    layer(X, layer.begin_state(2))
    (inputs, output), (_, outputs) = seen
    assert output.shape == (3, 2, 4) and [each.shape for each in inputs[1]] == [(1, 2, 4)] * 2
    assert outputs[0].shape == (3, 2, 4) and len(outputs[1]) == 2


@pytest.mark.parametrize("hybridize", [False, True])
def test_both_ways_of_one_layer(hybridize):
    layer = rnn.GRU(4, layout="NTC")
    layer.initialize()
    layer.hybridize(hybridize)
    alone = layer(X)
    output, states = layer(X, layer.begin_state(3))
    assert (alone.asnumpy() == output.asnumpy()).all() and len(states) == 1
    assert layer(mx.sym.var("data")).list_outputs() == layer(mx.sym.var("x")).list_outputs()


def test_summary_shows_the_outputs(capsys):
    layer = rnn.LSTM(4, 2)
    layer.initialize()
    layer.summary(X)
    line = next(each for each in capsys.readouterr().out.splitlines() if "LSTM-1" in each)
    assert line.split() == ["LSTM-1", "(3,", "2,", "4)", "336"]


def test_too_few_states():
    layer = rnn.LSTM(4)
    layer.initialize()
    with pytest.raises(ValueError, match="there are 1 states; expected 2"):
        layer(X, layer.begin_state(2)[0])


@pytest.mark.parametrize("kind", [rnn.GRU, rnn.RNN])
def test_projections_of_other_cells(kind):
    with pytest.raises(TypeError, match="projection_size=2 is not for this kind"):
        kind(4, projection_size=2)


def test_a_modified_cell_shows_the_other():
    assert repr(rnn.ModifierCell(rnn.GRUCell(2))) == "ModifierCell(GRUCell(None -> 6))"
