"""RNN, GRU and LSTM: by the operator ``RNN`` where it has the cell, else step by step."""

import numpy as np

from ...registry import translates
from ...values import Size
from ..linear.products import multiply

_ALPHA = {"LeakyRelu": 0.01, "ThresholdedRelu": 1.0, "Elu": 1.0, "HardSigmoid": 0.2, "Affine": 1.0}


class _Cell:
    """What the cells of a node share: activations, clip, and the weights of one direction."""

    def __init__(self, node, direction, gates):
        self.node = node
        self.size = node.attr("hidden_size")
        self.clip = node.attr("clip")
        names = node.attr("activations")
        count = len(gates)
        self.names = [_text(n) for n in names[direction * count :][:count]] if names else gates
        start = sum(_text(n) in _ALPHA for n in names[: direction * count]) if names else 0
        alphas, betas = node.attr("activation_alpha") or [], node.attr("activation_beta") or []
        self.alphas = list(alphas[start:])
        self.betas = list(betas[start:])

    def activate(self, index, x):
        """Apply an activation of the node to a gate."""
        node = self.node
        if self.clip is not None:
            x = node.pointwise("clip", x, a_min=-self.clip, a_max=self.clip)
        name = self.names[index]
        plain = {"Sigmoid": "sigmoid", "Tanh": "tanh", "Relu": "relu", "Softsign": "softsign"}
        if name in plain:
            return node.pointwise(plain[name], x)
        before = sum(n in _ALPHA for n in self.names[:index])
        alpha = self.alphas[before] if before < len(self.alphas) else _ALPHA.get(name)
        beta = self.betas[before] if before < len(self.betas) else 0.5
        if name == "Affine":
            return node.scale(x, alpha, self.betas[before] if self.betas else 0.0)
        if name == "ScaledTanh":
            return node.scale(node.pointwise("tanh", node.scale(x, beta)), alpha or 1.0)
        if name == "HardSigmoid":
            return node.expand(name, x, alpha=alpha, beta=beta)
        if name in ("LeakyRelu", "ThresholdedRelu", "Elu"):
            return node.expand(name, x, alpha=alpha)
        if name == "Softplus":
            return node.expand(name, x)
        raise node.refuse("activations", name, "one that the operator's definition names")


def _text(name):
    return name.decode() if isinstance(name, bytes) else name


def _part(node, value, direction):
    """What belongs to a direction, without that axis."""
    if value is None:
        return None
    return node.reshape(node.slice_axis(value, 0, direction, direction + 1), value.shape[1:])


def _gates(node, value, count, axis=-1):
    """The parts of gates along an axis."""
    axis = value.rank - 1 if axis == -1 else axis
    size = value.shape[axis] // count
    return [node.slice_axis(value, axis, i * size, (i + 1) * size) for i in range(count)]


def _product(node, x, weight):
    return multiply(node, x, node.transpose(weight, (1, 0)))


def _rnn_step(cell, weights, x, state):
    node = cell.node
    total = node.add(x, _product(node, state[0], weights["R"]))
    return [cell.activate(0, total)]


def _gru_step(cell, weights, x, state):
    node, hidden = cell.node, state[0]
    parts = _gates(node, weights["R"], 3, 0)
    update_x, reset_x, new_x = _gates(node, x, 3)
    biases = weights["RB"]
    recurrent = [_product(node, hidden, part) for part in parts[:2]]
    if biases is not None:
        recurrent = [node.add(part, bias) for part, bias in zip(recurrent, biases)]
    update = cell.activate(0, node.add(update_x, recurrent[0]))
    reset = cell.activate(0, node.add(reset_x, recurrent[1]))
    if node.attr("linear_before_reset", 0):
        inner = _product(node, hidden, parts[2])
        inner = node.mul(reset, inner if biases is None else node.add(inner, biases[2]))
    else:
        inner = _product(node, node.mul(reset, hidden), parts[2])
        inner = inner if biases is None else node.add(inner, biases[2])
    new = cell.activate(1, node.add(new_x, inner))
    kept = node.mul(update, hidden)
    return [node.add(node.mul(node.scale(update, -1.0, 1.0), new), kept)]


def _lstm_step(cell, weights, x, state):
    node, (hidden, memory) = cell.node, state
    total = node.add(x, _product(node, hidden, weights["R"]))
    into, out, forget, new = _gates(node, total, 4)
    peep = weights["P"]
    if peep is not None:
        into = node.add(into, node.mul(peep[0], memory))
        forget = node.add(forget, node.mul(peep[2], memory))
    into = cell.activate(0, into)
    forget = (
        node.scale(into, -1.0, 1.0) if node.attr("input_forget", 0) else cell.activate(0, forget)
    )
    memory = node.add(node.mul(forget, memory), node.mul(into, cell.activate(1, new)))
    if peep is not None:
        out = node.add(out, node.mul(peep[1], memory))
    squashed = _Cell.activate(_unclipped(cell), 2, memory)
    return [node.mul(cell.activate(0, out), squashed), memory]


def _unclipped(cell):
    """The cell for the activation of the memory, which is not clipped."""
    copy = object.__new__(_Cell)
    copy.__dict__.update(cell.__dict__, clip=None)
    return copy


def _direction(node, index, inputs, gates, step, count):
    """Outputs and last states of one direction over (time, batch, features)."""
    x, weight, recurrent, bias, lengths, states, peep = inputs
    steps, batch = x.shape[:2]
    cell = _Cell(node, index, gates)
    size = recurrent.shape[2]
    projected = _product(node, x, _part(node, weight, index))
    weights = {"R": _part(node, recurrent, index), "RB": None, "P": None}
    if bias is not None:
        whole = _part(node, bias, index)
        half = count * size
        first, second = node.slice_axis(whole, 0, 0, half), node.slice_axis(whole, 0, half, None)
        projected = node.add(projected, first)
        if step is _gru_step:
            weights["RB"] = _gates(node, second, 3)
        else:
            projected = node.add(projected, second)
    if peep is not None:
        weights["P"] = _gates(node, _part(node, peep, index), 3)
    state = [
        node.full((batch, size), 0, x.dtype) if s is None else _part(node, s, index) for s in states
    ]
    backward = _is_backward(node, index)
    order = range(steps)[::-1] if backward else range(steps)
    outputs = [None] * steps
    for t in order:
        row = node.reshape(node.slice_axis(projected, 0, t, t + 1), projected.shape[1:])
        new = step(cell, weights, row, state)
        if lengths is not None:
            there = node.binary("greater", lengths, node.const(t, lengths.dtype))
            there = node.expand_dims(there, 1)
            outputs[t] = node.where(there, new[0], node.const(0, x.dtype))
            new = [node.where(there, a, b) for a, b in zip(new, state)]
        else:
            outputs[t] = new[0]
        state = new
    return outputs, state


def _is_backward(node, index):
    return node.attr("direction", "forward") == "reverse" or index == 1


def _recurrent(node, gates, step, x, weight, recurrent, bias, lengths, states, peep=None):
    batch_first = node.attr("layout", 0)
    if batch_first:
        x = node.transpose(x, (1, 0, 2))
        states = [None if s is None else node.transpose(s, (1, 0, 2)) for s in states]
    if isinstance(x.shape[0], Size):
        raise node.refuse("X", list(x.shape), "a known number of steps (input_shapes)")
    count = weight.shape[1] // recurrent.shape[2]
    if lengths is not None and lengths.is_constant and (lengths.array() == x.shape[0]).all():
        lengths = None
    inputs = (x, weight, recurrent, bias, lengths, states, peep)
    results = None
    if lengths is None and peep is None and x.dtype == "float32":
        results = _by_operator(node, inputs, gates, count)
    if results is None:
        node.check_steps(x.shape[0], "steps")
        parts = [_direction(node, i, inputs, gates, step, count) for i in range(weight.shape[0])]
        sequence = node.concat(
            [
                node.expand_dims(
                    node.concat([node.expand_dims(outs[t], 0) for outs, _ in parts], 0), 0
                )
                for t in range(x.shape[0])
            ],
            0,
        )
        last = [
            node.concat([node.expand_dims(state[k], 0) for _, state in parts], 0)
            for k in range(len(states))
        ]
        results = [sequence, *last]
    if batch_first:
        results[0] = node.transpose(results[0], (2, 0, 1, 3))
        results[1:] = [node.transpose(state, (1, 0, 2)) for state in results[1:]]
    return tuple(results)


# Gates of the operator RNN by those of ONNX.
_ORDER = {1: [0], 3: [1, 0, 2], 4: [0, 2, 3, 1]}


def _mode(node, gates, count):
    """The operator's name of a cell, or None."""
    names = node.attr("activations")
    if node.attr("clip") is not None or node.attr("input_forget", 0):
        return None
    directions = 2 if node.attr("direction", "forward") == "bidirectional" else 1
    plain = [_text(n) for n in names] if names else gates * directions
    if count == 1:
        return {"Tanh": "rnn_tanh", "Relu": "rnn_relu"}.get(
            plain[0] if len(set(plain)) == 1 else ""
        )
    if plain != gates * directions:
        return None
    if count == 3:
        return "gru" if node.attr("linear_before_reset", 0) else None
    return "lstm"


def _by_operator(node, inputs, gates, count):
    x, weight, recurrent, bias, _, states, _ = inputs
    mode = _mode(node, gates, count)
    fixed = [weight, recurrent] + ([] if bias is None else [bias])
    reverse = node.attr("direction", "forward") == "reverse"
    if mode is None or not all(value.is_constant for value in fixed) or reverse:
        return None
    directions, size = recurrent.shape[0], recurrent.shape[2]
    order = _ORDER[count]

    def ordered(array, axis):
        parts = np.split(array, count, axis)
        return np.concatenate([parts[i] for i in order], axis)

    vector = []
    for i in range(directions):
        vector += [ordered(v.array()[i], 0).reshape(-1) for v in (weight, recurrent)]
    for i in range(directions):
        whole = np.zeros(2 * count * size, np.float32) if bias is None else bias.array()[i]
        vector += [ordered(half, 0) for half in np.split(whole, 2)]
    parameters = node.const(np.concatenate(vector), "float32")
    batch = x.shape[1]
    given = []
    for state in states:
        if state is None:
            if isinstance(batch, Size):
                return None
            state = node.full((directions, batch, size), 0, x.dtype)
        given.append(state)
    outputs = node.ops(
        "RNN",
        x,
        parameters,
        *given,
        state_size=size,
        num_layers=1,
        bidirectional=directions == 2,
        mode=mode,
        state_outputs=True,
    )
    shape = (*x.shape[:2], directions, size)
    sequence = node.transpose(node.reshape(outputs[0], shape), (0, 2, 1, 3))
    return [sequence, *outputs[1:]]


@translates("RNN")
def rnn(node, x, w, r, b=None, lengths=None, hidden=None):
    return _recurrent(node, ["Tanh"], _rnn_step, x, w, r, b, lengths, [hidden])


@translates("GRU")
def gru(node, x, w, r, b=None, lengths=None, hidden=None):
    return _recurrent(node, ["Sigmoid", "Tanh"], _gru_step, x, w, r, b, lengths, [hidden])


@translates("LSTM")
def lstm(node, x, w, r, b=None, lengths=None, hidden=None, memory=None, peep=None):
    gates = ["Sigmoid", "Tanh", "Tanh"]
    states = [hidden, memory]
    return _recurrent(node, gates, _lstm_step, x, w, r, b, lengths, states, peep)
