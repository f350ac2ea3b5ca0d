"""Cells beyond their graphs: sharing, checkpoints, mistakes. Graphs: test_frontend_results."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import rnn


def run(outputs, **arrays):
    """Values of a symbol, with every other argument drawn at random."""
    shapes = {name: array.shape for name, array in arrays.items()}
    executor = mx.sym.Group(outputs).simple_bind(mx.cpu(), grad_req="null", **shapes)
    random = np.random.RandomState(0)
    for name, array in executor.arg_dict.items():
        array[:] = arrays.get(name, random.uniform(-0.5, 0.5, array.shape))
    return [out.asnumpy() for out in executor.forward()], executor.arg_dict


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_lstm_computes_what_its_equations_say():
    data = np.random.RandomState(1).randn(2, 3, 5).astype("f")
    outputs, _ = rnn.LSTMCell(4).unroll(3, mx.sym.Variable("data"), merge_outputs=True)
    (found,), args = run([outputs], data=data)
    weights = {name: array.asnumpy() for name, array in args.items()}
    h = c = np.zeros((2, 4))
    for t in range(3):
        gates = data[:, t] @ weights["lstm_i2h_weight"].T + weights["lstm_i2h_bias"]
        gates += h @ weights["lstm_h2h_weight"].T + weights["lstm_h2h_bias"]
        enter, forget, change, leave = np.split(gates, 4, axis=1)
        c = sigmoid(forget) * c + sigmoid(enter) * np.tanh(change)
        h = sigmoid(leave) * np.tanh(c)
        np.testing.assert_allclose(found[:, t], h, rtol=1e-5, atol=1e-6)


def test_gru_of_pictures_in_the_other_layout_splits_channels():
    shape = (2, 4, 5, 3)
    outputs, _ = rnn.ConvGRUCell(shape, 6, conv_layout="NHWC").unroll(1, [mx.sym.Variable("data")])
    (found,), _ = run(outputs, data=np.ones(shape, "f"))
    assert found.shape == (2, 4, 5, 6)


def test_bidirectional_states_come_in_two_lists():
    cell = rnn.BidirectionalCell(rnn.LSTMCell(2, prefix="l_"), rnn.RNNCell(3, prefix="r_"))
    inputs = [mx.sym.Variable("a"), mx.sym.Variable("b")]
    outputs, (left, right) = cell.unroll(2, inputs)
    assert len(left) == 2 and len(right) == 1
    values, _ = run([*outputs, left[0], right[0]], a=np.ones((1, 4), "f"), b=np.ones((1, 4), "f"))
    first, second, left_state, right_state = values
    np.testing.assert_array_equal(second[:, :2], left_state)
    np.testing.assert_array_equal(first[:, 2:], right_state)


def test_cells_share_parameters():
    first = rnn.LSTMCell(4, prefix="s_")
    second = rnn.LSTMCell(4, prefix="other_", params=first.params)
    outputs, _ = second.unroll(1, [mx.sym.Variable("data")])
    assert "s_i2h_weight" in outputs[0].list_arguments()
    stack = rnn.SequentialRNNCell(params=first.params)
    with pytest.raises(ValueError, match="params is given, and LSTMCell shares its own"):
        stack.add(second)


def test_zoneout_keeps_values_in_training():
    cell = rnn.ZoneoutCell(rnn.RNNCell(8), zoneout_outputs=0.5)
    outputs, _ = cell.unroll(2, mx.sym.Variable("data"))
    executor = mx.sym.Group(outputs).simple_bind(mx.cpu(), data=(16, 2, 3))
    for array in executor.arg_arrays:
        array[:] = np.random.RandomState(2).uniform(0.1, 1, array.shape)
    first, second = (out.asnumpy() for out in executor.forward(is_train=True))
    assert 0.2 < (first == 0).mean() < 0.8
    assert 0.2 < (second == first).mean() < 0.8


def test_checkpoints_hold_the_weights_of_gates(tmp_path):
    cells = [rnn.LSTMCell(3, prefix="a_"), rnn.GRUCell(2, prefix="b_")]
    shapes = {"a_i2h": (12, 5), "a_h2h": (12, 3), "b_i2h": (6, 3), "b_h2h": (6, 2)}
    random = np.random.RandomState(0)
    params = {f"{name}_weight": mx.nd.array(random.randn(*shape)) for name, shape in shapes.items()}
    params |= {
        f"{name}_bias": mx.nd.array(random.randn(rows)) for name, (rows, _) in shapes.items()
    }
    prefix = str(tmp_path / "model")
    save = rnn.do_rnn_checkpoint(cells, prefix, period=2)
    save(0, mx.sym.Variable("x"), params, {})
    assert not list(tmp_path.iterdir())
    save(1, mx.sym.Variable("x"), params, {})
    assert "arg:a_i2h_f_weight" in mx.nd.load(prefix + "-0002.params")
    _, found, _ = rnn.load_rnn_checkpoint(cells, prefix, 2)
    assert sorted(found) == sorted(params)
    for name, array in params.items():
        np.testing.assert_array_equal(found[name].asnumpy(), array.asnumpy())


def test_fused_initializer_with_one_of_its_own():
    init = mx.init.FusedRNN(mx.init.One(), 2, 1, "lstm", forget_bias=3.0)
    array = mx.nd.zeros((4 * 2 * (3 + 2 + 2),))
    mx.init.Zero()(mx.init.InitDesc("parameters", {"__init__": init.dumps()}), array)
    cell = rnn.FusedRNNCell(2, prefix="")
    parts = cell.unpack_weights({"parameters": array})
    assert parts["l0_h2h_c_weight"].asnumpy().tolist() == [[1, 1], [1, 1]]
    assert parts["l0_i2h_f_bias"].asnumpy().tolist() == [3, 3]
    with pytest.raises(ValueError, match="parameters has 57 elements; "):
        cell.unpack_weights({"parameters": mx.nd.zeros((57,))})


def test_unknown_words():
    with pytest.raises(ValueError, match="vocab lacks 'z'"):
        rnn.encode_sentences([["a", "z"]], vocab={"a": 1})
    coded, vocab = rnn.encode_sentences(
        [["z", "a", "y"]], vocab={"a": 1, "?": 7}, unknown_token="?"
    )
    assert coded == [[7, 1, 7]] and vocab == {"a": 1, "?": 7}


def test_long_sentences_are_left_out(caplog):
    data = rnn.BucketSentenceIter([[1, 2], [3, 4, 5, 6], [7]], 1, buckets=[2])
    assert sum(1 for _ in data) == 2 and "1 sentences are longer" in caplog.text
    with pytest.raises(ValueError, match="layout='XY' has no batch"):
        rnn.BucketSentenceIter([[1]], 1, layout="XY")
    with pytest.raises(ValueError, match="no length has batch_size=5 sentences"):
        rnn.BucketSentenceIter([[1]], 5)


def unroll(cell, inputs, **options):
    return lambda: cell.unroll(2, inputs, **options)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: rnn.FusedRNNCell(2, mode="xx"), "mode='xx' is unknown"),
        (lambda: rnn.FusedRNNCell(2)(None, None), "unroll\\(\\) is expected"),
        (lambda: rnn.ZoneoutCell(rnn.FusedRNNCell(2)), "its unfuse\\(\\) is expected"),
        (
            lambda: rnn.ConvRNNCell((1, 3, 8, 8), 2, h2h_kernel=(2, 2)),
            "h2h_kernel=\\(2, 2\\) is even",
        ),
        (lambda: rnn.DropoutCell("x"), "dropout='x' is a str"),
        (unroll(rnn.RNNCell(2), [mx.sym.Variable("x")]), "inputs has 1 symbols"),
        (unroll(rnn.RNNCell(2), mx.sym.Group([mx.sym.Variable("x")] * 2)), "is a group"),
        (unroll(rnn.RNNCell(2), mx.sym.Variable("x"), layout="NC"), "layout='NC' has no time"),
    ],
)
def test_mistakes_are_named(call, message):
    with pytest.raises(mx.MXNetError, match=message):
        call()


def test_a_modified_cell_is_not_called():
    inside = rnn.RNNCell(2)
    rnn.ResidualCell(inside)
    with pytest.raises(ValueError, match="that cell is to be called"):
        inside.begin_state()
