"""Recurrent cells: steps, unrolling, lengths, cells around cells."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, gluon
from mxnet.gluon import rnn
from mxnet.gluon.contrib import rnn as crnn

X = mx.nd.array(np.random.RandomState(0).randn(2, 3, 4))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def made(cell):
    mx.random.seed(1)
    cell.initialize(mx.init.Uniform(0.5))
    return cell


def values(cell):
    return [
        cell._reg_params[name].data().asnumpy()
        for name in ("i2h_weight", "h2h_weight", "i2h_bias", "h2h_bias")
    ]


def lstm_by_hand(cell, x):
    i2h, h2h, b, c = values(cell)
    h = np.zeros((x.shape[0], h2h.shape[1]))
    memory, outputs = h, []
    for step in x.swapaxes(0, 1):
        let_in, keep, new, let_out = np.split(step @ i2h.T + b + h @ h2h.T + c, 4, axis=1)
        memory = sigmoid(keep) * memory + sigmoid(let_in) * np.tanh(new)
        h = sigmoid(let_out) * np.tanh(memory)
        outputs.append(h)
    return np.stack(outputs, 1), [h, memory]


def gru_by_hand(cell, x):
    i2h, h2h, b, c = values(cell)
    h, outputs = np.zeros((x.shape[0], h2h.shape[1])), []
    for step in x.swapaxes(0, 1):
        reset, update, new = np.split(step @ i2h.T + b, 3, axis=1)
        h_reset, h_update, h_new = np.split(h @ h2h.T + c, 3, axis=1)
        update = sigmoid(update + h_update)
        new = np.tanh(new + sigmoid(reset + h_reset) * h_new)
        h = (1 - update) * new + update * h
        outputs.append(h)
    return np.stack(outputs, 1), [h]


def rnn_by_hand(cell, x):
    i2h, h2h, b, c = values(cell)
    h, outputs = np.zeros((x.shape[0], h2h.shape[1])), []
    for step in x.swapaxes(0, 1):
        h = np.tanh(step @ i2h.T + b + h @ h2h.T + c)
        outputs.append(h)
    return np.stack(outputs, 1), [h]


CELLS = [(rnn.LSTMCell, lstm_by_hand), (rnn.GRUCell, gru_by_hand), (rnn.RNNCell, rnn_by_hand)]


@pytest.mark.parametrize("hybrid", [False, True])
@pytest.mark.parametrize("layout", ["NTC", "TNC"])
@pytest.mark.parametrize("kind, by_hand", CELLS)
def test_unrolling(kind, by_hand, layout, hybrid):
    cell = made(kind(5))
    if hybrid:
        cell.hybridize()
    x = X if layout == "NTC" else X.swapaxes(0, 1)
    outputs, states = cell.unroll(3, x, layout=layout, merge_outputs=True)
    expected, expected_states = by_hand(cell, X.asnumpy())
    found = outputs.asnumpy() if layout == "NTC" else outputs.asnumpy().swapaxes(0, 1)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
    for state, other in zip(states, expected_states):
        np.testing.assert_allclose(state.asnumpy(), other, rtol=1e-4, atol=1e-6)
    again, _ = cell.unroll(3, list(X.swapaxes(0, 1)))
    assert isinstance(again, list)
    np.testing.assert_allclose(again[2].asnumpy(), expected[:, 2], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("kind, by_hand", CELLS)
def test_lengths(kind, by_hand):
    cell = made(kind(5))
    outputs, states = cell.unroll(3, X, merge_outputs=True, valid_length=mx.nd.array([3, 1]))
    for row, length in enumerate((3, 1)):
        expected, last = (
            by_hand(cell, X.asnumpy()[row : row + 1, :length])
            if row
            else by_hand(cell, X.asnumpy()[:1])
        )
        found = outputs.asnumpy()[row]
        np.testing.assert_allclose(found[:length], expected[0], rtol=1e-4, atol=1e-6)
        assert (found[length:] == 0).all()
        np.testing.assert_allclose(states[0].asnumpy()[row], last[0][0], rtol=1e-4, atol=1e-6)


def test_both_directions():
    cell = made(rnn.BidirectionalCell(rnn.LSTMCell(5), rnn.GRUCell(5)))
    lengths = mx.nd.array([3, 2])
    outputs, states = cell.unroll(3, X, merge_outputs=True, valid_length=lengths)
    forward, backward = cell._children.values()
    x = X.asnumpy()[1:, :2]
    expected = np.concatenate(
        [lstm_by_hand(forward, x)[0], gru_by_hand(backward, x[:, ::-1])[0][:, ::-1]], 2
    )
    np.testing.assert_allclose(outputs.asnumpy()[1:, :2], expected, rtol=1e-4, atol=1e-6)
    assert (outputs.asnumpy()[1, 2] == 0).all() and len(states) == 3
    pieces, _ = cell.unroll(3, X)
    whole, _ = cell.unroll(3, X, merge_outputs=True)
    np.testing.assert_allclose(pieces[1].asnumpy(), whole.asnumpy()[:, 1], rtol=1e-5)
    with pytest.raises(NotImplementedError, match="whole sequence"):
        cell(X, [])


@pytest.mark.parametrize("kind", [rnn.SequentialRNNCell, rnn.HybridSequentialRNNCell])
def test_stacks(kind):
    stack = kind()
    with stack.name_scope():
        for cell in (rnn.LSTMCell(4), rnn.DropoutCell(0.5), rnn.ResidualCell(rnn.GRUCell(4))):
            stack.add(cell)
    made(stack)
    assert len(stack) == 3 and len(stack.state_info()) == 3
    outputs, states = stack.unroll(3, X, merge_outputs=True)
    first, _ = lstm_by_hand(stack[0], X.asnumpy())
    expected = gru_by_hand(stack[2].base_cell, first)[0] + first
    np.testing.assert_allclose(outputs.asnumpy(), expected, rtol=1e-4, atol=1e-6)
    stack.reset()
    out, after = X[:, 0], stack.begin_state(batch_size=2)
    for step in range(3):
        out, after = stack(X[:, step], after)
    np.testing.assert_allclose(out.asnumpy(), expected[:, 2], rtol=1e-4, atol=1e-6)
    assert repr(stack).splitlines()[1] == "(0): LSTMCell(4 -> 16)"


def test_zoneout_keeps_elements_of_the_step_before():
    cell = made(rnn.ZoneoutCell(rnn.RNNCell(50), 0.5, 0.5))
    with autograd.train_mode():
        outputs, _ = cell.unroll(3, X)
    same = (outputs[1].asnumpy() == outputs[0].asnumpy()).mean()
    assert 0.25 < same < 0.75
    plain, _ = cell.unroll(3, X)
    expected, _ = rnn_by_hand(cell.base_cell, X.asnumpy())
    np.testing.assert_allclose(plain[2].asnumpy(), expected[:, 2], rtol=1e-4, atol=1e-6)


def test_variational_dropout_keeps_its_mask():
    cell = made(crnn.VariationalDropoutCell(rnn.LSTMCell(20), 0.3, 0.2, 0.5))
    x = mx.nd.ones((2, 6, 5))
    with autograd.train_mode():
        first = cell.unroll(6, x, merge_outputs=True)[0].asnumpy() == 0
        second = cell.unroll(6, x, merge_outputs=True)[0].asnumpy() == 0
    assert (first.all(axis=1) == first.any(axis=1)).all() and 0.2 < first.mean() < 0.8
    assert (first != second).any()
    plain = cell.unroll(6, x, merge_outputs=True)[0].asnumpy()
    expected, _ = lstm_by_hand(cell.base_cell, x.asnumpy())
    np.testing.assert_allclose(plain, expected, rtol=1e-4, atol=1e-6)
    both = rnn.BidirectionalCell(rnn.LSTMCell(3), rnn.LSTMCell(3))
    with pytest.raises(AssertionError, match="whole sequence"):
        crnn.VariationalDropoutCell(both, drop_states=0.1)


def test_windows_over_states_are_odd():
    with pytest.raises(AssertionError, match=r"Conv2DRNNCell: h2h_kernel=\(2, 2\)"):
        crnn.Conv2DRNNCell((2, 5, 5), 3, 3, 2)


def test_cells_inside_of_others_are_not_called_alone():
    inside = rnn.GRUCell(2)
    outside = rnn.ResidualCell(inside)
    with pytest.raises(AssertionError, match="inside of another one"):
        inside.begin_state(batch_size=1)
    assert outside.begin_state(batch_size=1)[0].shape == (1, 2)
    with pytest.raises(AssertionError, match="inside of another cell"):
        rnn.ZoneoutCell(inside)
    both = rnn.BidirectionalCell(rnn.RNNCell(2), rnn.RNNCell(2))
    with pytest.raises(AssertionError, match="expected ZoneoutCells"):
        rnn.ZoneoutCell(both)


def test_wrong_lengths():
    with pytest.raises(AssertionError, match="inputs have 3 steps; expected length=4"):
        rnn.LSTMCell(2).unroll(4, X)


def test_symbols():
    with mx.name.NameManager():
        cell = rnn.LSTMCell(5)
        outputs, states = cell.unroll(2, mx.sym.var("data"), merge_outputs=True)
    assert states[0].name == "lstm0_t1_out"
    assert outputs.list_arguments() == [
        "data",
        "lstm0_i2h_weight",
        "lstm0_i2h_bias",
        "lstm0_h2h_weight",
        "lstm0_h2h_bias",
    ]
    shapes, outs, _ = outputs.infer_shape(data=(3, 2, 4))
    assert outs == [(3, 2, 5)] and shapes[1] == (20, 4)


def test_a_model_of_sequences_trains():
    class Model(gluon.Block):
        def __init__(self):
            super().__init__()
            with self.name_scope():
                self.cell = rnn.LSTMCell(8)
                self.top = gluon.nn.Dense(1)

        def forward(self, x):
            outputs, _ = self.cell.unroll(x.shape[1], x)
            return self.top(outputs[-1])

    rng = np.random.RandomState(0)
    x = mx.nd.array(rng.rand(32, 6, 1))
    y = x.sum(axis=1)
    mx.random.seed(0)
    net = Model()
    net.initialize(mx.init.Xavier())
    net.hybridize()
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.02})
    losses = []
    for _ in range(60):
        with autograd.record():
            loss = gluon.loss.L2Loss()(net(x), y)
        loss.backward()
        trainer.step(32)
        losses.append(loss.mean().asscalar())
    assert losses[-1] < losses[0] / 10
