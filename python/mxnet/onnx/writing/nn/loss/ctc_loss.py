"""Connectionist temporal classification."""

import numpy as np

from ...registry import translates
from ...subgraph import scan

_INT = np.dtype("int64")
# Logarithm of a probability of 0, finite so that differences are numbers.
_NEVER = -1e30


@translates("CTCLoss")
def ctc_loss(node, g):
    """A Scan over the steps; the states are labels with blanks between and around them."""
    attrs, dtype = node.attrs, node.dtype()
    classes, width = node.size(2), node.size(1, 1)
    first = attrs.blank_label == "first"
    blank, padding = (0, 0) if first else (classes - 1, -1)
    zero, never = g.number(0, _INT), g.number(_NEVER, dtype)
    label = node.input_as(1, _INT)
    labels = _label_lengths(node, g, label, padding)
    label = g.Clip(label, zero, g.number(classes - 1, _INT))
    column = g.slice(label, 1, 0, 1)
    blanks = g.Expand(g.number(blank, _INT), g.Shape(label))
    pairs = g.Concat(g.unsqueeze(blanks, 2), g.unsqueeze(label, 2), axis=2)
    end = g.Expand(g.number(blank, _INT), g.Shape(column))
    states = g.Concat(g.Reshape(pairs, g.ints(0, 2 * width)), end, axis=1)
    scores = g.LogSoftmax(node.inputs[0], axis=2)
    time = g.size(node.inputs[0], 0)
    wide = g.Concat(time, g.Shape(states), axis=0)
    scores = g.GatherElements(scores, g.Expand(states, wide), axis=2)
    repeated = _repeated(g, label, labels, width)
    skip = _skips(g, label, blank, repeated, never)
    start = np.full(2 * width + 1, _NEVER)
    start[0] = 0
    start = g.Expand(g.constant(start.astype(dtype)), g.Shape(states))
    steps = _steps(node, g, time)

    def step(inner, values, pieces):
        before, (emission, number) = values[0], pieces
        moved = [before]
        for i in (1, 2):
            empty = g.constant(np.array(_NEVER).astype(dtype))
            padded = inner.Pad(before, g.ints(0, i, 0, 0), empty)
            moved.append(inner.slice(padded, 1, 0, 2 * width + 1))
        moved[2] = inner.Add(moved[2], skip)
        now = inner.Add(emission, _log_add(inner, moved, dtype))
        return [inner.Where(inner.Less(number, steps), now, before)], []

    numbers = g.steps(g.size(node.inputs[0], 0))
    last = scan(g, [(start, dtype, 2)], [(scores, dtype), (numbers, _INT)], step)[0][0]
    found = _read_end(g, last, labels, never, dtype)
    needed = g.Add(labels, repeated_count(g, repeated))
    fits = g.And(g.LessOrEqual(needed, steps), g.Greater(steps, zero))
    loss = g.Where(fits, g.Neg(found), g.number(0, dtype))
    return [g.squeeze(loss, 1)]


def _log_add(g, values, dtype):
    """Logarithm of the sum of numbers whose logarithms are given."""
    top = g.Max(*values)
    total = g.Sum(*(g.Exp(g.Sub(each, top)) for each in values))
    return g.Add(top, g.Log(total))


def _column(node, g, i):
    return g.unsqueeze(node.input_as(i, _INT), 1)


def _label_lengths(node, g, label, padding):
    """How many labels each sequence has (batch, 1)."""
    if node.attrs.use_label_lengths:
        return _column(node, g, 3 if node.attrs.use_data_lengths else 2)
    ended = g.cast(g.Equal(label, g.number(padding, _INT)), _INT)
    before_end = g.Equal(g.CumSum(ended, g.number(1, _INT)), g.number(0, _INT))
    return g.reduce("ReduceSum", g.cast(before_end, _INT), [1], True)


def _steps(node, g, time):
    """How many steps each sequence has (batch, 1), or one number for all."""
    return _column(node, g, 2) if node.attrs.use_data_lengths else g.unsqueeze(time, 1)


def _repeated(g, label, labels, width):
    """Whether a label is that before it (batch, width)."""
    before = g.slice(g.Pad(label, g.ints(0, 1, 0, 0), g.number(-1, _INT)), 1, 0, width)
    inside = g.Less(np.arange(width, dtype=_INT), labels)
    return g.And(g.Equal(label, before), inside)


def repeated_count(g, repeated):
    """How many labels need a blank before them (batch, 1)."""
    return g.reduce("ReduceSum", g.cast(repeated, _INT), [1], True)


def _skips(g, label, blank, repeated, never):
    """0 for states that are reached over a blank, never for others (batch, 2 width + 1)."""
    refused = g.Or(repeated, g.Equal(label, g.number(blank, _INT)))
    own = g.Where(refused, never, g.Sub(never, never))
    blanks = g.Expand(never, g.Shape(label))
    pairs = g.Concat(g.unsqueeze(blanks, 2), g.unsqueeze(own, 2), axis=2)
    flat = g.Reshape(pairs, g.ints(0, -1))
    return g.Concat(flat, g.slice(blanks, 1, 0, 1), axis=1)


def _read_end(g, last, labels, never, dtype):
    """Probability of the last label or the blank behind it (batch, 1)."""
    end = g.Mul(labels, g.number(2, _INT))
    before = g.Max(g.Sub(end, g.number(1, _INT)), g.number(0, _INT))
    whole = g.GatherElements(last, end, axis=1)
    part = g.GatherElements(last, before, axis=1)
    part = g.Where(g.Equal(labels, g.number(0, _INT)), never, part)
    return _log_add(g, [whole, part], dtype)
