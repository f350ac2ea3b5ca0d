"""Overlaps of boxes, and boxes from offsets and back."""

import numpy as np

from ..registry import translates
from . import boxes


@translates("_contrib_box_iou")
def box_iou(node, g):
    dtype, given = node.dtype(), list(node.inputs)
    if node.attrs.format == "center":
        given = [boxes.corners_of(g, x, node.rank(i) - 1, dtype) for i, x in enumerate(given)]
    left = g.Reshape(given[0], g.ints(-1, 1, 4))
    right = g.Reshape(given[1], g.ints(1, -1, 4))
    sizes = [*node.sizes(g, 0)[:-1], *node.sizes(g, 1)[:-1]]
    return g.reshape(boxes.overlap(g, left, right, 2, dtype), sizes)


@translates("_contrib_box_decode")
def box_decode(node, g):
    attrs, dtype = node.attrs, node.dtype()
    data, anchors = node.inputs
    if attrs.format == "corner":
        middle, size = boxes.centers_of(g, anchors, 2, dtype)
    else:
        middle, size = boxes.halves(g, anchors, 2)
    scales = np.array([attrs.std0, attrs.std1, attrs.std2, attrs.std3]).astype(dtype)
    move, grow = boxes.halves(g, g.Mul(data, scales), 2)
    middle = g.Add(g.Mul(move, size), middle)
    if attrs.clip > 0:
        grow = g.Min(grow, g.number(attrs.clip, dtype))
    half = g.Div(g.Mul(g.Exp(grow), size), g.number(2, dtype))
    return g.Concat(g.Sub(middle, half), g.Add(middle, half), axis=2)


@translates("_contrib_box_encode")
def box_encode(node, g):
    samples, matches, anchors, refs, means, stds = node.inputs
    dtype, zero = node.dtype(2), g.number(0, node.dtype(2))
    last = g.number(node.size(1, 3) - 1, np.int64)
    chosen = g.Clip(g.cast(matches, np.int64), g.number(0, np.int64), last)
    chosen = boxes.rows_at(g, refs, chosen)
    middle, size = boxes.centers_of(g, chosen, 2, dtype)
    at, unit = boxes.centers_of(g, anchors, 2, dtype)
    offsets = g.Concat(g.Div(g.Sub(middle, at), unit), g.Log(g.Div(size, unit)), axis=2)
    scaled = g.Div(g.Sub(offsets, means), stds)
    there = g.unsqueeze(g.Greater(samples, g.number(0.5, node.dtype(0))), 2)
    there = g.Expand(there, g.ints(1, 1, 4))
    return [g.Where(there, scaled, zero), g.cast(there, dtype)]
