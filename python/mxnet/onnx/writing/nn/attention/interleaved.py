"""Attention over projections that lie beside each other: (length, batch, heads * parts * size)."""

import math

from ...registry import translates


def _heads(node, g, i, parts):
    """The parts of projections as matrices: (batch * heads, length, size) each."""
    length, batch, width = node.dims(i)
    heads = node.attrs.heads
    size = width // (heads * parts)
    x = node.inputs[i]
    rows = batch * heads if batch is not None else None
    if length is None and rows is None:
        rows = g.Mul(g.size(x, 1), g.ints(heads))
    split = g.reshape(x, [length, rows, parts, size])
    found = g.Split(split, g.ints(*[1] * parts), axis=2, outputs=parts) if parts > 1 else [split]
    return [g.Transpose(g.squeeze(each, 2), perm=[1, 0, 2]) for each in found]


def _scores(node, g, queries, keys):
    size = node.size(2) // (node.attrs.heads * (3 if len(node.inputs) == 1 else 1))
    found = g.MatMul(queries, g.Transpose(keys, perm=[0, 2, 1]))
    return g.Mul(found, g.number(1 / math.sqrt(size), node.dtype()))


def _values(node, g, values, attention):
    """Weighted values, side by side again."""
    found = g.Transpose(g.MatMul(attention, values), perm=[1, 0, 2])
    length, batch, width = node.out_dims()
    if length is None and batch is None:
        batch = g.size(node.inputs[0], 1)
    return g.reshape(found, [length, batch, width])


@translates("_contrib_interleaved_matmul_selfatt_qk")
def self_scores(node, g):
    queries, keys, _ = _heads(node, g, 0, 3)
    return _scores(node, g, queries, keys)


@translates("_contrib_interleaved_matmul_selfatt_valatt")
def self_values(node, g):
    return _values(node, g, _heads(node, g, 0, 3)[2], node.inputs[1])


@translates("_contrib_interleaved_matmul_encdec_qk")
def cross_scores(node, g):
    return _scores(node, g, _heads(node, g, 0, 1)[0], _heads(node, g, 1, 2)[0])


@translates("_contrib_interleaved_matmul_encdec_valatt")
def cross_values(node, g):
    return _values(node, g, _heads(node, g, 0, 2)[1], node.inputs[1])
