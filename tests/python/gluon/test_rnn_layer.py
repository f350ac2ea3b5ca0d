"""Recurrent layers: the same numbers as unrolled cells, names, shapes, states."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import gluon

LAYERS = [
    (gluon.rnn.LSTM, gluon.rnn.LSTMCell, {}),
    (gluon.rnn.GRU, gluon.rnn.GRUCell, {}),
    (gluon.rnn.RNN, gluon.rnn.RNNCell, {"activation": "relu"}),
]


def random(*shape):
    return mx.nd.random.uniform(-1, 1, shape=shape)


def unrolled(layer, cell_class, options, x):
    """The outputs of a stack of cells with the parameters of a layer of one direction."""
    stack = gluon.rnn.SequentialRNNCell()
    for number in range(2):
        stack.add(cell_class(5, prefix=f"l{number}_", **options))
    stack.initialize()
    for number in range(2):
        for kind in ("i2h_weight", "h2h_weight", "i2h_bias", "h2h_bias"):
            parameter = getattr(stack[number], kind)
            parameter.shape = getattr(layer, f"l{number}_{kind}").shape
            parameter._finish_deferred_init()
            parameter.set_data(getattr(layer, f"l{number}_{kind}").data())
    return stack.unroll(x.shape[0], x, layout="TNC", merge_outputs=True)[0]


@pytest.mark.parametrize(("layer_class", "cell_class", "options"), LAYERS)
@pytest.mark.parametrize("hybrid", [False, True])
def test_like_cells(layer_class, cell_class, options, hybrid):
    x = random(6, 2, 3)
    layer = layer_class(5, num_layers=2, **options)
    layer.initialize(mx.init.Uniform(0.5))
    if hybrid:
        layer.hybridize()
    found = layer(x)
    expected = unrolled(layer, cell_class, options, x)
    np.testing.assert_allclose(found.asnumpy(), expected.asnumpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("layer_class", [gluon.rnn.LSTM, gluon.rnn.GRU, gluon.rnn.RNN])
def test_states_and_layouts(layer_class):
    layer = layer_class(4, num_layers=2, bidirectional=True, layout="NTC")
    layer.initialize()
    states = layer.begin_state(batch_size=3)
    assert [each.shape for each in states] == [(4, 3, 4)] * len(layer.state_info())
    outputs, last = layer(random(3, 7, 2), states)
    assert outputs.shape == (3, 7, 8) and [each.shape for each in last] == [(4, 3, 4)] * len(states)
    assert layer(random(3, 7, 2)).shape == (3, 7, 8)
    first, middle = layer(random(3, 2, 2), states)
    assert layer(random(3, 2, 2), middle)[0].shape == (3, 2, 8)
    with pytest.raises(mx.error.ValueError, match=r"state has shape \(4, 2, 4\); expected \(4, 3"):
        layer(random(3, 7, 2), layer.begin_state(batch_size=2))


def test_hybridized_with_and_without_states():
    layer = gluon.rnn.LSTM(4, input_size=3)
    layer.initialize()
    x, states = random(5, 2, 3), layer.begin_state(batch_size=2)
    plain = layer(x).asnumpy()
    layer.hybridize()
    np.testing.assert_allclose(layer(x).asnumpy(), plain, rtol=1e-5, atol=1e-6)
    outputs, last = layer(x, states)
    np.testing.assert_allclose(outputs.asnumpy(), plain, rtol=1e-5, atol=1e-6)
    assert len(last) == 2
    assert layer(x).shape == (5, 2, 4)


def test_text_and_names():
    layer = gluon.rnn.LSTM(5, 2, bidirectional=True, dropout=0.3, prefix="a_")
    assert repr(layer) == "LSTM(None -> 5, TNC, num_layers=2, dropout=0.3, bidirectional)"
    assert repr(gluon.rnn.GRU(4, layout="NTC", input_size=3)) == "GRU(3 -> 4, NTC)"
    shapes = {name: each.shape for name, each in layer.collect_params().items()}
    assert shapes["a_l0_i2h_weight"] == (20, 0) and shapes["a_r1_i2h_weight"] == (20, 10)
    projected = gluon.rnn.LSTM(4, projection_size=2, prefix="p_").collect_params()
    assert projected["p_l0_h2r_weight"].shape == (2, 4)
    assert projected["p_l0_h2h_weight"].shape == (16, 2)


def test_language_model_learns_hybridized():
    """A network whose other layers wait for shapes too, trained with states handed on."""
    mx.random.seed(1)

    class Model(gluon.HybridBlock):
        def __init__(self):
            super().__init__()
            with self.name_scope():
                self.embed = gluon.nn.Embedding(12, 8)
                self.lstm = gluon.rnn.LSTM(16, 2, dropout=0.1)
                self.out = gluon.nn.Dense(12, flatten=False)

        def hybrid_forward(self, F, x, states):
            out, states = self.lstm(self.embed(x), states)
            return self.out(out), states

    model = Model()
    model.initialize(mx.init.Xavier())
    model.hybridize()
    trainer = gluon.Trainer(model.collect_params(), "adam", {"learning_rate": 0.02})
    loss_of = gluon.loss.SoftmaxCrossEntropyLoss(axis=2)
    text = mx.nd.array((np.arange(61) * 5 % 12)[:, None].repeat(4, 1))
    losses = []
    for _ in range(12):
        states = model.lstm.begin_state(batch_size=4)
        for begin in range(0, 60, 20):
            states = [each.detach() for each in states]
            with mx.autograd.record():
                found, states = model(text[begin : begin + 20], states)
                loss = loss_of(found, text[begin + 1 : begin + 21])
            loss.backward()
            grads = [each.grad() for each in model.collect_params().values()]
            gluon.utils.clip_global_norm(grads, 5.0)
            trainer.step(4)
            losses.append(loss.mean().asscalar())
    assert losses[0] > 2 and losses[-1] < 0.3


def test_lengths():
    layer = gluon.rnn.LSTM(4, bidirectional=True, use_sequence_length=True)
    layer.initialize()
    x, lengths = random(5, 2, 3), mx.nd.array([2, 5])
    found = layer(x, sequence_length=lengths).asnumpy()
    assert not found[2:, 0].any() and found[:, 1].all()
    alone = layer(x[:2], sequence_length=mx.nd.array([2, 2])).asnumpy()
    np.testing.assert_allclose(found[:2, 0], alone[:, 0], rtol=1e-5, atol=1e-6)
