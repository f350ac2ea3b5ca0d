import numpy as np
from harness import FLOATS, Case, Fault, operator_tests

R = np.random.default_rng(6)
GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def cell(mode, x, y, h, c):
    if mode == "lstm":
        i, f, g, o = np.split(x + y, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c
    if mode == "gru":
        (r, z, n), (hr, hz, hn) = np.split(x, 3, axis=1), np.split(y, 3, axis=1)
        z = sigmoid(z + hz)
        return (1 - z) * np.tanh(n + sigmoid(r + hr) * hn) + z * h, c
    return (np.tanh(x + y) if mode == "rnn_tanh" else np.maximum(x + y, 0)), c


def layer(gates, weight, bias, h, c=None, *rest, mode, reverse=False, **options):
    rest = list(rest)
    projection = rest.pop(0) if options.get("projection_size") else None
    length = rest.pop(0) if rest else None
    steps = range(len(gates))
    result = np.zeros(gates.shape[:2] + h.shape[1:])
    for t in reversed(steps) if reverse else steps:
        new_h, new_c = cell(mode, gates[t], h @ weight.T + bias, h, c)
        new_h = new_h if projection is None else new_h @ projection.T
        there = np.ones(len(h), bool) if length is None else t < length
        result[t][there] = new_h[there]
        h = np.where(there[:, None], new_h, h)
        c = None if c is None else np.where(there[:, None], new_c, c)
    return [result, h] if c is None else [result, h, c]


def inputs(mode, steps=4, count=3, hidden=2, projected=None):
    rows, size = GATES[mode] * hidden, projected or hidden
    shapes = [(steps, count, rows), (rows, size), (rows,), (count, size)]
    shapes += [(count, hidden)] * (mode == "lstm") + [(size, hidden)] * (projected is not None)
    return [R.normal(size=shape) for shape in shapes]


TOLERANCE = {"rtol": 1e-4, "atol": 2e-5}
CASES = [
    Case("_rnn_layer", inputs(mode), layer, {"mode": mode, "reverse": reverse}, dtypes, second=True,
         oracle="is ours", **TOLERANCE)
    for mode in GATES
    for reverse, dtypes in [(False, FLOATS), (True, ("float32",))]
]  # fmt: skip
CASES += [
    Case("_rnn_layer", inputs("lstm", hidden=3, projected=2), layer,
         {"mode": "lstm", "projection_size": 2}, FLOATS, second=True, oracle="is ours",
         **TOLERANCE),
    Case("_rnn_layer", [*inputs("lstm", hidden=2, projected=3), np.array([0.0, 2.0, 4.0])], layer,
         {"mode": "lstm", "reverse": True, "projection_size": 3, "use_sequence_length": True},
         grad=range(6), oracle="is ours", **TOLERANCE),
    Case("_rnn_layer", inputs("lstm", steps=3, count=11, hidden=70), layer, {"mode": "lstm"},
         grad=False, oracle="is ours", **TOLERANCE),
]  # fmt: skip
FAULTS = [
    Fault("_rnn_layer", [np.ones((2, 3)), *inputs("gru")[1:]], r"gates=\(2, 3\)", {"mode": "gru"}),
    Fault("_rnn_layer", inputs("gru"), "projection_size=2", {"mode": "gru", "projection_size": 2}),
    Fault("_rnn_layer", [np.ones((4, 3, 5)), *inputs("gru")[1:]], "gates", {"mode": "gru"}),
]
TestRnnLayer = operator_tests(CASES, FAULTS)
