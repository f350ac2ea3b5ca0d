"""RNN: layers of LSTM, GRU or plain cells."""

import numpy as np

from ...registry import translates
from . import parameters, stepwise

_KINDS = {"lstm": "LSTM", "gru": "GRU", "rnn_tanh": "RNN", "rnn_relu": "RNN"}
# ONNX's order of gates, by numbers in ours.
_ORDER = {"lstm": [0, 3, 1, 2], "gru": [1, 0, 2], "rnn_tanh": [0], "rnn_relu": [0]}


@translates("RNN", kind="one", ignores=("p",))
def rnn(node, g):
    attrs = node.attrs
    is_lstm = attrs.mode == "lstm"
    inputs = list(node.inputs)
    lengths = len(inputs) - 1 if attrs.use_sequence_length else None
    layers = parameters.cut(node, g)
    directions = 2 if attrs.bidirectional else 1
    clips = (attrs.lstm_state_clip_min, attrs.lstm_state_clip_max)
    attrs.ignore("lstm_state_clip_nan")  # ONNX leaves open how NaN are cut off
    run = stepwise.run if is_lstm and (attrs.projection_size or clips != (None, None)) else _run
    data, states, cells = inputs[0], [], []
    for number in range(attrs.num_layers):
        rows = number * directions, (number + 1) * directions
        start = [g.slice(inputs[2], 0, *rows)]
        start += [g.slice(inputs[3], 0, *rows)] if is_lstm else []
        data, *last = run(node, g, data, layers[slice(*rows)], start, lengths)
        states.append(last[0])
        cells += last[1:]
    if not attrs.state_outputs:
        return data
    return [data, *(_joined(g, each) for each in (states, cells) if each)]


def _joined(g, parts):
    return parts[0] if len(parts) == 1 else g.Concat(*parts, axis=0)


def _run(node, g, data, layers, start, lengths):
    """One layer in all directions; returns its output and last states."""
    mode, size = node.attrs.mode, node.attrs.state_size
    options = {"hidden_size": size}
    if len(layers) == 2:
        options["direction"] = "bidirectional"
    if mode == "gru":
        options["linear_before_reset"] = 1
    if mode == "rnn_relu":
        options["activations"] = ["Relu"] * len(layers)
    weight, recurrent = (
        _joined(g, [g.unsqueeze(_ordered(node, g, getattr(each, name)), 0) for each in layers])
        for name in ("weight", "recurrent")
    )
    biases = [
        g.Concat(_ordered(node, g, each.bias), _ordered(node, g, each.recurrent_bias), axis=0)
        for each in layers
    ]
    bias = _joined(g, [g.unsqueeze(each, 0) for each in biases])
    steps = None if lengths is None else node.input_as(lengths, np.dtype("int32"))
    found = g.add(
        _KINDS[mode],
        [data, weight, recurrent, bias, steps, *start],
        outputs=3 if mode == "lstm" else 2,
        **options,
    )
    output = found[0]
    if len(layers) == 1:
        return [g.squeeze(output, 1), *found[1:]]
    beside = g.Transpose(output, perm=[0, 2, 1, 3])
    return [g.Reshape(beside, g.ints(0, 0, 2 * size)), *found[1:]]


def _ordered(node, g, value):
    """Rows of gates in ONNX's order."""
    order, size = _ORDER[node.attrs.mode], node.attrs.state_size
    if order == list(range(len(order))):
        return value
    parts = [g.slice(value, 0, i * size, (i + 1) * size) for i in order]
    return g.Concat(*parts, axis=0)
