"""Activation and LeakyReLU."""

import math

from ...elemwise.composed import filled_like
from ...registry import translates

_KINDS = {
    "relu": "Relu",
    "sigmoid": "Sigmoid",
    "softrelu": "Softplus",
    "softsign": "Softsign",
    "tanh": "Tanh",
}


@translates("Activation", kind="one")
def activation(node, g):
    return g.add(_KINDS[node.attrs.act_type], [node.inputs[0]])


@translates("LeakyReLU", kind="one", ignores=("slope", "lower_bound", "upper_bound"))
def leaky_relu(node, g):
    attrs, x, kind = node.attrs, node.inputs[0], node.attrs.act_type
    if kind == "leaky":
        return g.LeakyRelu(x, alpha=attrs.slope)
    if kind == "elu":
        return g.Elu(x, alpha=attrs.slope)
    if kind == "selu":
        return g.Selu(x)
    if kind == "gelu":
        return gelu(g, x, node.dtype())
    if kind == "rrelu":
        slope = (attrs.lower_bound + attrs.upper_bound) / 2
        # The second output is what training drew: nothing.
        return [g.LeakyRelu(x, alpha=slope), filled_like(node, g, 0)]
    return g.PRelu(x, _per_channel(node, g))


def _per_channel(node, g):
    """Slopes along axis 1, or one for all."""
    slopes, more = node.inputs[1], node.rank() - 2
    if node.rank(1) != 1 or node.dims(1) == (1,) or more <= 0:
        return slopes
    return g.unsqueeze(slopes, *range(1, more + 1))


def gelu(g, x, dtype):
    """x / 2 * (1 + erf(x / sqrt(2)))."""
    if g.opset >= 20:
        return g.Gelu(x)
    bent = g.Erf(g.Mul(x, g.number(math.sqrt(0.5), dtype)))
    return g.Mul(g.Mul(x, g.number(0.5, dtype)), g.Add(bent, g.number(1, dtype)))
