"""Softmax and its relatives, also over sequences of different lengths."""

import numpy as np

from ...registry import translates


def _lengths_mask(node, g, axis):
    """True where an element lies before the end of its sequence."""
    places = g.Reshape(node.steps(g, axis), g.ints(-1, *[1] * (node.rank() - axis - 1)))
    lengths = g.unsqueeze(node.input_as(1, np.dtype("int64")), axis)
    return g.Less(places, lengths)


def _prepared(node, g, negated=False):
    """The input as softmax gets it, the axis and the mask (None without lengths)."""
    attrs, dtype = node.attrs, node.out_dtype()
    axis = node.axis(attrs.axis)
    x = node.input_as(0, dtype)
    x = g.Neg(x) if negated else x
    if attrs.temperature not in (None, 1):
        x = g.Div(x, g.number(attrs.temperature, dtype))
    if not attrs.use_length:
        return x, axis, None
    mask = _lengths_mask(node, g, axis)
    return g.Where(mask, x, g.number(-np.inf, dtype)), axis, mask


def _softmax(node, g, negated=False):
    x, axis, mask = _prepared(node, g, negated)
    found = g.Softmax(x, axis=axis)
    return found if mask is None else g.Where(mask, found, g.number(0, node.out_dtype()))


@translates("softmax", kind="one", ignores=("dtype",))
def softmax(node, g):
    return _softmax(node, g)


@translates("softmin", ignores=("dtype",))
def softmin(node, g):
    return _softmax(node, g, negated=True)


@translates("log_softmax", kind="one", ignores=("dtype",))
def log_softmax(node, g):
    x, axis, mask = _prepared(node, g)
    found = g.LogSoftmax(x, axis=axis)
    return found if mask is None else g.Where(mask, found, g.number(0, node.out_dtype()))


def over_instances(node, g):
    """Softmax over all of an instance: everything but axis 0."""
    if node.rank() <= 2:
        return g.Softmax(node.inputs[0], axis=node.rank() - 1)
    found = g.Softmax(g.Flatten(node.inputs[0], axis=1), axis=1)
    return g.Reshape(found, g.Shape(node.inputs[0]))


@translates("SoftmaxActivation", kind="one")
def softmax_activation(node, g):
    if node.attrs.mode == "channel":
        return g.Softmax(node.inputs[0], axis=1)
    return over_instances(node, g)
