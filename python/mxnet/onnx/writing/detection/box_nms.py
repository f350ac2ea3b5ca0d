"""Non-maximum suppression: the boxes that stay, best first, then rows of -1."""

import numpy as np

from ..registry import translates
from . import boxes


@translates("_contrib_box_nms")
def box_nms(node, g):
    attrs, dtype = node.attrs, node.dtype()
    count, width = node.size(-2), node.size(-1)
    if attrs.topk == 0:
        return node.inputs[0]
    rows = g.Reshape(node.inputs[0], g.ints(-1, count, width))
    rows, valid, few = _sorted(node, g, rows, count)
    start = attrs.coord_start
    coordinates = g.slice(rows, 2, start, start + 4)
    centered = attrs.in_format == "center"
    corners = boxes.corners_of(g, coordinates, 2, dtype) if centered else coordinates
    stay = _kept(node, g, rows, corners, valid, few)
    if attrs.in_format != attrs.out_format:
        coordinates = corners if centered else _centered(g, corners, dtype)
        parts = [g.slice(rows, 2, 0, start)] if start else []
        parts += [coordinates]
        parts += [g.slice(rows, 2, start + 4, None)] if start + 4 < width else []
        rows = g.Concat(*parts, axis=2)
    order = boxes.compacted(g, stay, few)
    found = boxes.rows_at(g, rows, order)
    there = g.unsqueeze(boxes.rows_at(g, stay, order), 2)
    found = g.Where(there, found, g.number(-1, dtype))
    if few < count:
        pads = g.ints(0, 0, 0, 0, count - few, 0)
        found = g.Pad(found, pads, g.number(-1, dtype))
    return found if node.rank() == 3 else g.Reshape(found, g.Shape(node.inputs[0]))


def _centered(g, corners, dtype):
    return g.Concat(*boxes.centers_of(g, corners, 2, dtype), axis=2)


def _sorted(node, g, rows, count):
    """Rows best first, which of them take part, and how many rows there are."""
    attrs, dtype = node.attrs, node.dtype()
    scores = g.Gather(rows, g.number(attrs.score_index, np.int64), axis=2)
    valid = g.Greater(scores, g.number(attrs.valid_thresh, dtype))
    attrs.ignore("background_id")  # without classes
    if attrs.id_index >= 0:
        ids = g.Gather(rows, g.number(attrs.id_index, np.int64), axis=2)
        background = g.Equal(g.cast(ids, np.int64), g.number(attrs.background_id, np.int64))
        valid = g.And(valid, g.Not(background))
    few = count if attrs.topk < 0 else min(attrs.topk, count)
    lowest = g.number(-np.inf, dtype)
    order = g.TopK(g.Where(valid, scores, lowest), g.ints(few), axis=1, outputs=2)[1]
    return boxes.rows_at(g, rows, order), boxes.rows_at(g, valid, order), few


def _kept(node, g, rows, corners, valid, count):
    attrs, dtype = node.attrs, node.dtype()
    one_class = attrs.force_suppress or attrs.id_index < 0
    threshold = attrs.overlap_thresh
    if one_class and 0 <= threshold <= 1 and dtype == np.float32:
        return boxes.kept(g, corners, valid, count, threshold)
    ids = None if one_class else g.Gather(rows, g.number(attrs.id_index, np.int64), axis=2)
    return boxes.kept_by_class(g, corners, ids, valid, count, threshold, dtype)
