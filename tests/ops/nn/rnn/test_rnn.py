import numpy as np
import pytest
from harness import FLOATS, Case, Fault, operator_tests

import mxnet as mx

R = np.random.default_rng(5)
GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def step(mode, x, y, h, c, clip):
    """States after a step; x and y are what input and state contribute to the gates."""
    if mode == "lstm":
        i, f, g, o = np.split(x + y, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        c = np.clip(c, *clip) if clip else c
        return sigmoid(o) * np.tanh(c), c
    if mode == "gru":
        r, z, n = np.split(x, 3, axis=1)
        hr, hz, hn = np.split(y, 3, axis=1)
        n = np.tanh(n + sigmoid(r + hr) * hn)
        z = sigmoid(z + hz)
        return (1 - z) * n + z * h, c
    return (np.tanh(x + y) if mode == "rnn_tanh" else np.maximum(x + y, 0)), c


def cut(parameters, mode, size, out, features, layers, directions, projected):
    """Matrices and biases of each layer and direction."""
    rows, at, found = GATES[mode] * size, 0, []

    def take(*shape):
        nonlocal at
        at += int(np.prod(shape))
        return parameters[at - int(np.prod(shape)) : at].reshape(shape)

    for layer in range(layers):
        for _ in range(directions):
            width = features if layer == 0 else out * directions
            found.append([take(rows, width), take(rows, out)])
            found[-1].append(take(out, size) if projected else None)
    for weights in found:
        weights += [take(rows), take(rows)]
    return found


def rnn(data, parameters, state, *rest, mode, state_size, num_layers, **options):
    rest = list(rest)
    cells = rest.pop(0) if mode == "lstm" else np.zeros(state.shape[:2] + (state_size,))
    steps, count = data.shape[:2]
    lengths = rest.pop(0) if options.get("use_sequence_length") else np.full(count, steps)
    directions = 2 if options.get("bidirectional") else 1
    projected = options.get("projection_size") is not None
    clip = None
    if "lstm_state_clip_min" in options:
        clip = options["lstm_state_clip_min"], options["lstm_state_clip_max"]
    out = state.shape[2]
    shapes = (mode, state_size, out, data.shape[2], num_layers, directions, projected)
    x, last_h, last_c = data, [], []
    for number, weights in enumerate(cut(parameters, *shapes)):
        if number % directions == 0:
            below, results = x, []
        wx, wh, wp, bx, bh = weights
        h, c = state[number], cells[number]
        result = np.zeros((steps, count, out))
        for t in range(steps) if number % directions == 0 else reversed(range(steps)):
            new_h, new_c = step(mode, below[t] @ wx.T + bx, h @ wh.T + bh, h, c, clip)
            new_h = new_h @ wp.T if projected else new_h
            there = (t < lengths)[:, None]
            result[t] = np.where(there, new_h, 0)
            h, c = np.where(there, new_h, h), np.where(there, new_c, c)
        results.append(result)
        last_h.append(h)
        last_c.append(c)
        x = np.concatenate(results, axis=2)
    if not options.get("state_outputs"):
        return x
    return [x, np.stack(last_h)] + ([np.stack(last_c)] if mode == "lstm" else [])


def inputs(mode, steps=4, count=2, features=3, size=2, layers=1, directions=1, projected=None):
    rows, out = GATES[mode] * size, projected or size
    total = 0
    for layer in range(layers):
        width = features if layer == 0 else out * directions
        total += directions * (rows * (width + out + 2) + (out * size if projected else 0))
    states = [R.normal(size=(layers * directions, count, out))]
    if mode == "lstm":
        states.append(R.normal(size=(layers * directions, count, size)))
    return [R.normal(size=(steps, count, features)), R.normal(size=total) / 2, *states]


def attrs(mode, size=2, layers=1, **options):
    return {"mode": mode, "state_size": size, "num_layers": layers, **options}


TOLERANCE = {"rtol": 1e-4, "atol": 2e-5}
LENGTHS = np.array([2.0, 4.0])
CASES = [
    Case("RNN", inputs(mode), rnn, attrs(mode), FLOATS if mode == "lstm" else ("float32",),
         oracle="no bfloat16", **TOLERANCE)
    for mode in GATES
]  # fmt: skip
CASES += [
    Case("RNN", inputs(mode, size=3, layers=2, directions=2), rnn,
         attrs(mode, 3, 2, bidirectional=True, state_outputs=True), second=True, **TOLERANCE)
    for mode in GATES
]  # fmt: skip
CASES += [
    Case("RNN", inputs("lstm", size=4, layers=2, projected=2), rnn,
         attrs("lstm", 4, 2, projection_size=2, state_outputs=True), **TOLERANCE),
    Case("RNN", [*inputs("lstm", directions=2, size=4, projected=3), LENGTHS], rnn,
         attrs("lstm", 4, projection_size=3, bidirectional=True, use_sequence_length=True),
         grad=range(4), oracle="refuses", **TOLERANCE),
    Case("RNN", [*inputs("lstm", directions=2), LENGTHS], rnn,
         attrs("lstm", bidirectional=True, state_outputs=True, use_sequence_length=True),
         grad=range(4), oracle="ignores lengths on CPUs", **TOLERANCE),
    Case("RNN", inputs("lstm"), rnn,
         attrs("lstm", lstm_state_clip_min=-0.3, lstm_state_clip_max=0.3, state_outputs=True),
         grad=False, oracle="ignores the limits on CPUs", **TOLERANCE),
    Case("RNN", inputs("gru", steps=1, count=1, features=1, size=1), rnn, attrs("gru", 1),
         **TOLERANCE),
]  # fmt: skip
FAULTS = [
    Fault("RNN", inputs("lstm"), "RNN: state_size=0", attrs("lstm", 0)),
    Fault("RNN", inputs("lstm"), "RNN: num_layers=0", attrs("lstm", 2, 0)),
    Fault("RNN", inputs("lstm"), r"RNN: parameters=\(56,\)", attrs("lstm", 3)),
    Fault("RNN", inputs("gru"), "RNN: projection_size=2", attrs("gru", projection_size=2)),
    Fault("RNN", [np.ones((2, 3)), *inputs("gru")[1:]], r"RNN: data=\(2, 3\)", attrs("gru")),
]
TestRNN = operator_tests(CASES, FAULTS)


@pytest.mark.parametrize("mode", ["gru", "rnn_tanh"])
def test_lengths_without_cells(mode):
    """Arrays count in their order: the lengths come fourth, where an LSTM has its cell."""
    arrays = [*inputs(mode, directions=2), LENGTHS]
    options = attrs(mode, bidirectional=True, use_sequence_length=True)
    given = [mx.nd.array(x) for x in arrays]
    given[0].attach_grad()
    with mx.autograd.record():
        out = mx.nd.RNN(*given, **options)
    out.backward()
    np.testing.assert_allclose(out.asnumpy(), rnn(*arrays, **options), rtol=1e-4, atol=1e-5)
    assert not given[0].grad[2:, 0].asnumpy().any() and given[0].grad[:2, 0].asnumpy().all()


def test_dropout_between_layers_is_the_same_backward():
    """What falls out in the forward pass gets no gradient."""
    mx.random.seed(3)
    features, size = 3, 40
    data, parameters, state = (mx.nd.array(x) for x in inputs("rnn_relu", 1, 1, features, size, 2))
    parameters.attach_grad()
    with mx.autograd.record():
        out = mx.nd.RNN(data, parameters, state, p=0.5, **attrs("rnn_relu", size, 2))
    again = mx.nd.RNN(data, parameters, state, **attrs("rnn_relu", size, 2))
    assert not np.allclose(out.asnumpy(), again.asnumpy())
    out.backward()
    weights = cut(parameters.asnumpy(), "rnn_relu", size, size, features, 2, 1, False)
    slopes = cut(parameters.grad.asnumpy(), "rnn_relu", size, size, features, 2, 1, False)
    first = data.asnumpy()[0] @ weights[0][0].T + weights[0][3]
    first = np.maximum(first + state.asnumpy()[0] @ weights[0][1].T + weights[0][4], 0)
    dropped = (np.abs(slopes[1][0]).sum(axis=0) == 0) & (first[0] > 0)  # columns without a slope
    kept = np.where(dropped, 0, first * 2)
    second = kept @ weights[1][0].T + weights[1][3]
    second = second + state.asnumpy()[1] @ weights[1][1].T + weights[1][4]
    assert 5 < dropped.sum() < 25
    np.testing.assert_allclose(out.asnumpy()[0], np.maximum(second, 0), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("hybrid", [False, True])
def test_names(hybrid):
    net = mx.sym.RNN(mx.sym.var("data"), name="r", state_outputs=hybrid, **attrs("lstm"))
    assert net.list_arguments() == ["data", "r_parameters", "r_state", "r_state_cell"]
    names = ["r_output", "r_state_output", "r_statecell_output"]
    assert net.list_outputs() == (names if hybrid else names[:1])
