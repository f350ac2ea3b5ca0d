"""SSD: boxes around cells, and detections from what a network says about them."""

import numpy as np

from ..registry import translates
from . import boxes

_INT = np.dtype("int64")


@translates(
    "_contrib_MultiBoxPrior",
    ignores=("sizes", "ratios", "clip", "steps", "offsets"),
    kind="folded",
)
def multibox_prior(node, g):
    """Follows from the size of the feature map alone."""
    for axis in (2, 3):
        node.size(axis)  # must be known
    return g.constant(node.evaluate())


@translates("_contrib_MultiBoxDetection", ignores=("background_id",))
def multibox_detection(node, g):
    attrs, dtype = node.attrs, node.dtype()
    classes, count = node.size(1), node.size(2)
    ids, scores, valid = _best_classes(node, g, classes)
    found = g.Concat(g.unsqueeze(ids, 2), g.unsqueeze(scores, 2), _decoded(node, g, count), axis=2)
    as_found = boxes.compacted(g, valid, count)
    rows, there = boxes.rows_at(g, found, as_found), boxes.rows_at(g, valid, as_found)
    if 0 < attrs.nms_threshold <= 1 and classes > 1:
        rows = _suppressed(node, g, rows, there, classes, count)
    else:
        attrs.ignore("force_suppress", "nms_topk")
    return g.Where(g.unsqueeze(there, 2), rows, g.number(-1, dtype))


def _best_classes(node, g, classes):
    """Class (from 0, without the background) and probability of each anchor; which ones count."""
    dtype, threshold = node.dtype(), node.attrs.threshold
    if classes == 1:
        nothing = g.Sub(g.squeeze(node.inputs[0], 1), g.squeeze(node.inputs[0], 1))
        none = g.Greater(nothing, g.number(0, dtype))
        return nothing, nothing, none
    foreground = g.slice(node.inputs[0], 1, 1, None)
    ids = g.cast(g.ArgMax(foreground, axis=1, keepdims=0), dtype)
    scores = g.reduce("ReduceMax", foreground, [1])
    valid = g.And(
        g.GreaterOrEqual(scores, g.number(threshold, dtype)),
        g.Greater(scores, g.number(-1, dtype)),
    )
    return ids, scores, valid


def _decoded(node, g, count):
    """Corners (images, anchors, 4) of the boxes that anchors and offsets say."""
    attrs, dtype = node.attrs, node.dtype()
    offsets = g.Reshape(node.inputs[1], g.ints(-1, count, 4))
    middle, size = boxes.centers_of(g, node.inputs[2], 2, dtype)
    move, grow = boxes.halves(g, g.Mul(offsets, np.array(attrs.variances).astype(dtype)), 2)
    middle = g.Add(g.Mul(move, size), middle)
    half = g.Div(g.Mul(g.Exp(grow), size), g.number(2, dtype))
    found = g.Concat(g.Sub(middle, half), g.Add(middle, half), axis=2)
    return g.Clip(found, g.number(0, dtype), g.number(1, dtype)) if attrs.clip else found


def _suppressed(node, g, rows, there, classes, count):
    """The best ones in order; those that do not stay, and those behind, are of class -1."""
    attrs, dtype = node.attrs, node.dtype()
    few = min(attrs.nms_topk, count) if attrs.nms_topk > 0 else count
    scores = g.Gather(rows, g.number(1, _INT), axis=2)
    best = g.Where(there, scores, g.number(-np.inf, dtype))
    order = g.TopK(best, g.ints(few), axis=1, outputs=2)[1]
    front, valid = boxes.rows_at(g, rows, order), boxes.rows_at(g, there, order)
    ids = g.Gather(front, g.number(0, _INT), axis=2)
    numbers = np.arange(classes - 1).astype(dtype).reshape(1, -1, 1)
    of_class = None if attrs.force_suppress else g.Equal(g.unsqueeze(ids, 1), numbers)
    # Overlaps of just the threshold suppress, too.
    threshold = np.nextafter(np.float32(attrs.nms_threshold), np.float32(-1))
    corners = g.cast(g.slice(front, 2, 2, 6), np.float32)
    stay = boxes.kept(g, corners, valid, few, threshold, of_class)
    none = g.number(-1, dtype)
    ids = g.unsqueeze(g.Where(stay, ids, none), 2)
    front = g.Concat(ids, g.slice(front, 2, 1, None), axis=2)
    if few == count:
        return front
    rest = g.slice(rows, 1, few, None)
    ids = g.Expand(none, g.Shape(g.slice(rest, 2, 0, 1)))
    rest = g.Concat(ids, g.slice(rest, 2, 1, None), axis=2)
    return g.Concat(front, rest, axis=1)
