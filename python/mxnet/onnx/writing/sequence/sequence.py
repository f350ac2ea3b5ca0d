"""Sequences with lengths of their own; an axis of time and one of sequences come first."""

import numpy as np

from ..registry import translates

_INT = np.dtype("int64")


def _places(node, g, axis):
    """Numbers of the steps, along the axis of time."""
    return g.Reshape(node.steps(g, axis), g.ints(-1, *[1] * (node.rank() - axis - 1)))


def _lengths(node, g, axis):
    """Length of each sequence, with axes of size 1 for all others."""
    lengths = node.input_as(1, _INT)
    return g.unsqueeze(lengths, axis, *range(2, node.rank()))


@translates("SequenceMask")
def sequence_mask(node, g):
    attrs = node.attrs
    axis, value = attrs.axis, g.number(attrs.value, node.dtype())
    if not attrs.use_sequence_length:
        return node.inputs[0]
    inside = g.Less(_places(node, g, axis), _lengths(node, g, axis))
    return g.Where(inside, node.inputs[0], value)


@translates("SequenceLast")
def sequence_last(node, g):
    x, axis = node.inputs[0], node.attrs.axis
    if not node.attrs.use_sequence_length:
        return g.squeeze(g.slice(x, axis, -1, None), axis)
    # Steps (sequences,) beside numbers of sequences select (step, sequence) each.
    time_first = x if axis == 0 else g.Transpose(x, perm=[1, 0, *range(2, node.rank())])
    last = g.Sub(node.input_as(1, _INT), g.number(1, _INT))
    rows = g.Reshape(node.steps(g, 1 - axis), g.ints(-1, 1))
    return g.GatherND(time_first, g.Concat(g.unsqueeze(last, 1), rows, axis=1))


@translates("SequenceReverse", kind="one")
def sequence_reverse(node, g):
    axis = node.attrs.axis
    if not node.attrs.use_sequence_length:
        return g.Slice(
            node.inputs[0], g.ints(-1), g.ints(np.iinfo(_INT).min), g.ints(axis), g.ints(-1)
        )
    lengths = node.input_as(1, _INT)
    return g.ReverseSequence(node.inputs[0], lengths, time_axis=axis, batch_axis=1 - axis)
