"""Region proposals: anchors moved by offsets, the best ones that do not overlap."""

import numpy as np

from ..registry import translates
from . import boxes

_INT = np.dtype("int64")


@translates("_contrib_Proposal", "_contrib_MultiProposal")
def proposal(node, g):
    attrs, dtype = node.attrs, node.dtype()
    height, width = node.size(2), node.size(3)
    anchors = _anchors(attrs, height, width)
    count, rows = len(anchors), attrs.rpn_post_nms_top_n
    corners = _moved(node, g, anchors.astype(dtype))
    corners, small = _bounded(node, g, corners)
    scores = _scores(node, g, count, height, width)
    scores = g.Where(small, g.number(-1, dtype), scores)
    few = min(attrs.rpn_pre_nms_top_n, count) if attrs.rpn_pre_nms_top_n > 0 else count
    scores, order = g.TopK(scores, g.ints(few), axis=1, outputs=2)
    corners = boxes.rows_at(g, corners, order)
    whole = g.Add(corners, np.array([0, 0, 1, 1]).astype(dtype))
    everything = g.Expand(g.number(True, np.bool_), g.Shape(scores))
    stay = boxes.kept(g, g.cast(whole, np.float32), everything, few, attrs.threshold)
    chosen = _repeated(g, stay, rows, few)
    number = g.Reshape(g.cast(node.steps(g, 0), dtype), g.ints(-1, 1, 1))
    number = g.Expand(number, g.ints(1, rows, 1))
    found = g.Concat(number, boxes.rows_at(g, corners, chosen), axis=2)
    found = g.Reshape(found, g.ints(-1, 5))
    if not attrs.output_score:
        return found
    return [found, g.Reshape(boxes.rows_at(g, scores, chosen), g.ints(-1, 1))]


def _anchors(attrs, height, width):
    """Anchors of all cells, in float32 as the operator computes them."""
    base, stride = [], np.float32(attrs.feature_stride)
    middle = (stride - 1) / 2
    for ratio in np.array(attrs.ratios, np.float32):
        w = np.floor(np.sqrt(np.floor(stride * stride / ratio)) + np.float32(0.5))
        h = np.floor(w * ratio + np.float32(0.5))
        for scale in np.array(attrs.scales, np.float32):
            x, y = (w * scale - 1) / 2, (h * scale - 1) / 2
            base.append((middle - x, middle - y, middle + x, middle + y))
    y, x = np.meshgrid(np.arange(height), np.arange(width), indexing="ij")
    shifts = np.stack([x, y, x, y], -1).reshape(-1, 1, 4).astype(np.float32) * stride
    return (np.array(base, np.float32) + shifts).reshape(-1, 4)


def _moved(node, g, anchors):
    """Boxes (images, anchors, 4) that the anchors and the offsets say."""
    dtype = node.dtype()
    offsets = g.Reshape(node.inputs[1], g.ints(0, -1, 4, node.size(2), node.size(3)))
    offsets = g.Reshape(g.Transpose(offsets, perm=[0, 3, 4, 1, 2]), g.ints(0, len(anchors), 4))
    if node.attrs.iou_loss:
        return g.Add(offsets, anchors)
    size = anchors[:, 2:] - anchors[:, :2] + 1
    move, grow = boxes.halves(g, offsets, 2)
    middle = g.Add(g.Mul(move, size), anchors[:, :2] + (size - 1) / 2)
    half = g.Sub(g.Mul(g.Exp(grow), size), g.number(1, dtype))
    half = g.Div(half, g.number(2, dtype))
    return g.Concat(g.Sub(middle, half), g.Add(middle, half), axis=2)


def _bounded(node, g, corners):
    """Boxes cut off at the picture's border, and which are too small (they are made larger)."""
    dtype = node.dtype()
    info = g.unsqueeze(node.inputs[2], 1)
    last = g.Sub(g.Gather(info, g.ints(1, 0, 1, 0), axis=2), g.number(1, dtype))
    corners = g.Max(g.Min(corners, last), g.number(0, dtype))
    low, high = boxes.halves(g, corners, 2)
    least = g.Mul(g.slice(info, 2, 2, 3), g.number(node.attrs.rpn_min_size, dtype))
    size = g.Add(g.Sub(high, low), g.number(1, dtype))
    small = g.reduce("ReduceMin", size, [2], True)
    small = g.Less(small, least)
    signs = np.array([-0.5, -0.5, 0.5, 0.5]).astype(dtype)
    corners = g.Where(small, g.Add(corners, g.Mul(least, signs)), corners)
    return corners, g.squeeze(small, 2)


def _scores(node, g, count, height, width):
    """Scores of the anchors, -1 where a cell lies outside of the picture."""
    dtype, stride = node.dtype(), node.attrs.feature_stride
    per_cell = count // (height * width)
    scores = g.slice(node.inputs[0], 1, per_cell, None)
    for axis, size, place in ((0, height, (1, 1, -1, 1)), (1, width, (1, 1, 1, -1))):
        cells = g.Div(g.slice(node.inputs[2], 1, axis, axis + 1), g.number(stride, dtype))
        cells = g.unsqueeze(g.Floor(cells), 2, 3)
        inside = g.Less(np.arange(size).astype(dtype).reshape(place), cells)
        scores = g.Where(inside, scores, g.number(-1, dtype))
    return g.Reshape(g.Transpose(scores, perm=[0, 2, 3, 1]), g.ints(0, count))


def _repeated(g, stay, rows, few):
    """Places of the rows: those of boxes that stay, in turn and again."""
    number = g.reduce("ReduceSum", g.cast(stay, _INT), [1], True)
    number = g.Min(number, g.number(rows, _INT))
    turns = g.Mod(np.arange(rows, dtype=_INT).reshape(1, -1), number)
    return g.GatherElements(boxes.compacted(g, stay, few), turns, axis=1)
