"""The one array of parameters that a recurrent network has, cut into matrices and biases."""

import dataclasses

GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}


@dataclasses.dataclass
class Layer:
    """Names of the parameters of one direction of one layer.

    Attributes:
        weight: (gates * state_size, features).
        recurrent: (gates * state_size, size of the output).
        projection: (projection_size, state_size), or None.
        bias, recurrent_bias: (gates * state_size,).
    """

    weight: str = None
    recurrent: str = None
    projection: str = None
    bias: str = None
    recurrent_bias: str = None


def cut(node, g):
    """A list of `Layer`: layer by layer, direction by direction.

    All matrices come first, then all biases, in that order.
    """
    attrs = node.attrs
    directions = 2 if attrs.bidirectional else 1
    rows = GATES[attrs.mode] * attrs.state_size
    size = attrs.projection_size or attrs.state_size
    layers = [Layer() for _ in range(attrs.num_layers * directions)]
    done = 0

    def take(*shape):
        nonlocal done
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        part = g.slice(node.inputs[1], 0, done, done + count)
        done += count
        return g.Reshape(part, g.ints(*shape)) if len(shape) > 1 else part

    for i, layer in enumerate(layers):
        layer.weight = take(rows, node.size(2) if i < directions else directions * size)
        layer.recurrent = take(rows, size)
        if attrs.projection_size:
            layer.projection = take(size, attrs.state_size)
    for layer in layers:
        layer.bias = take(rows)
        layer.recurrent_bias = take(rows)
    return layers
