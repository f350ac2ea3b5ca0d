"""LSTM cells that ONNX lacks, with a projection or a bounded state: Scan over the steps."""

import numpy as np

from ...subgraph import graph_of
from ...writer import Writer

_INT = np.dtype("int64")


def run(node, g, data, layers, start, lengths):
    """One layer in all directions; returns its output and last states, as `rnn._run` does."""
    results = []
    for direction, layer in enumerate(layers):
        first = [g.squeeze(g.slice(each, 0, direction, direction + 1), 0) for each in start]
        results.append(_direction(node, g, data, layer, first, lengths, direction))
    outputs, *states = zip(*results)
    joined = [outputs[0] if len(outputs) == 1 else g.Concat(*outputs, axis=2)]
    for each in states:
        parts = [g.unsqueeze(state, 0) for state in each]
        joined.append(parts[0] if len(parts) == 1 else g.Concat(*parts, axis=0))
    return joined


def _direction(node, g, data, layer, first, lengths, direction):
    dtype = node.dtype()
    product = g.MatMul(data, g.Transpose(layer.weight, perm=[1, 0]))
    gates = g.Add(product, g.Add(layer.bias, layer.recurrent_bias))
    counts = g.Range(g.number(0, _INT), g.squeeze(g.size(data, 0), 0), g.number(1, _INT))
    ends = None if lengths is None else g.unsqueeze(node.input_as(lengths, _INT), 1)
    inner = Writer(parent=g)
    names = [g.new_name(name) for name in ("hidden", "cell", "gates", "count")]
    output, hidden, cell = _step(node, inner, layer, names, ends)
    body = graph_of(
        inner,
        "step",
        [*((name, dtype) for name in names[:3]), (names[3], _INT)],
        [(hidden, dtype), (cell, dtype), (output, dtype)],
    )
    hidden, cell, output = g.add(
        "Scan",
        [*first, gates, counts],
        outputs=3,
        body=body,
        num_scan_inputs=2,
        scan_input_directions=[direction] * 2,
        scan_output_directions=[direction],
    )
    return output, hidden, cell


def _step(node, g, layer, names, ends):
    """One step: its output and the new states; behind the end of a sequence 0 and the old ones."""
    hidden, cell, gates, count = names
    attrs, dtype = node.attrs, node.dtype()
    product = g.MatMul(hidden, g.Transpose(layer.recurrent, perm=[1, 0]))
    parts = g.split(g.Add(gates, product), 1, [attrs.state_size] * 4)
    kept = g.Mul(g.Sigmoid(parts[1]), cell)
    new_cell = g.Add(kept, g.Mul(g.Sigmoid(parts[0]), g.Tanh(parts[2])))
    low, high = attrs.lstm_state_clip_min, attrs.lstm_state_clip_max
    if low is not None or high is not None:
        bounds = [None if each is None else g.number(each, dtype) for each in (low, high)]
        new_cell = g.Clip(new_cell, *bounds)
    new_hidden = g.Mul(g.Sigmoid(parts[3]), g.Tanh(new_cell))
    if layer.projection:
        new_hidden = g.MatMul(new_hidden, g.Transpose(layer.projection, perm=[1, 0]))
    if ends is None:
        return new_hidden, new_hidden, new_cell
    inside = g.Less(count, ends)
    output = g.Where(inside, new_hidden, g.number(0, dtype))
    return output, g.Where(inside, new_hidden, hidden), g.Where(inside, new_cell, cell)
