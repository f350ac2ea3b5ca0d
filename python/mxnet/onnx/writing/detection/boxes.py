"""Boxes by their corners, and non-maximum suppression over them."""

import numpy as np

from ..subgraph import graph_of
from ..writer import Writer

_INT, _BOOL = np.dtype("int64"), np.dtype("bool")


def halves(g, boxes, axis):
    """The first two and the last two numbers of boxes."""
    return g.slice(boxes, axis, 0, 2), g.slice(boxes, axis, 2, 4)


def corners_of(g, boxes, axis, dtype):
    """(x0, y0, x1, y1) of boxes given as (x, y, width, height)."""
    middle, size = halves(g, boxes, axis)
    half = g.Div(size, g.number(2, dtype))
    return g.Concat(g.Sub(middle, half), g.Add(middle, half), axis=axis)


def centers_of(g, boxes, axis, dtype):
    """The middle and the size of boxes (x0, y0, x1, y1)."""
    low, high = halves(g, boxes, axis)
    return g.Div(g.Add(low, high), g.number(2, dtype)), g.Sub(high, low)


def area(g, low, high, axis, dtype):
    """Areas between corners; 0 where they are the wrong way round."""
    return g.reduce("ReduceProd", g.Max(g.Sub(high, low), g.number(0, dtype)), [axis])


def overlap(g, a, b, axis, dtype):
    """Area that boxes share over the area that they cover; 0 where they cover none."""
    (low_a, high_a), (low_b, high_b) = halves(g, a, axis), halves(g, b, axis)
    both = area(g, g.Max(low_a, low_b), g.Min(high_a, high_b), axis, dtype)
    all_of = g.Add(area(g, low_a, high_a, axis, dtype), area(g, low_b, high_b, axis, dtype))
    all_of = g.Sub(all_of, both)
    covers = g.Greater(all_of, g.number(0, dtype))
    safe = g.Where(covers, all_of, g.number(1, dtype))
    return g.Where(covers, g.Div(both, safe), g.number(0, dtype))


def rows_at(g, values, places):
    """Rows (images, places, ...) of values (images, rows, ...)."""
    return g.GatherND(values, g.unsqueeze(places, 2), batch_dims=1)


def compacted(g, mask, count):
    """Places of the rows for which a mask (images, rows) holds, in order, then of all others."""
    key = g.Where(mask, g.number(0, _INT), g.number(count, _INT))
    key = g.Add(key, g.constant(np.arange(count, dtype=_INT)))
    return g.TopK(key, g.ints(count), axis=1, largest=0, outputs=2)[1]


def kept(g, boxes, valid, rows, threshold, classes=None):
    """Non-maximum suppression by ONNX's own operator.

    Args:
        g: The writer.
        boxes: (images, rows, 4) in float32, best first.
        valid: Bools (images, rows): which boxes take part.
        rows: How many rows there are.
        threshold: Boxes that overlap by more than this suppress each other.
        classes: Bools (images, classes, rows): each box's class; None for one class.

    Returns:
        str: Bools (images, rows).
    """
    ranks = np.arange(rows, 0, -1).astype(np.float32)
    taking = g.unsqueeze(valid, 1)
    if classes is not None:
        taking = g.And(taking, classes)
    scores = g.Where(taking, ranks, np.float32(0))
    options = [g.constant(np.array([each], t)) for each, t in ((rows, _INT), (threshold, "f4"))]
    found = g.NonMaxSuppression(boxes, scores, *options, np.zeros(1, np.float32))
    where = g.Gather(found, g.ints(0, 2), axis=1)
    ones = g.Expand(g.number(True, _BOOL), g.size(found, 0))
    return g.ScatterND(g.Expand(g.number(False, _BOOL), g.Shape(valid)), where, ones)


def kept_by_class(g, boxes, ids, valid, rows, threshold, dtype):
    """The same for classes whose number is not known: one box after the other suppresses others.

    Args:
        g: The writer.
        boxes: (images, rows, 4), best first.
        ids: (images, rows): numbers of the classes; None where all are of one.
        valid: Bools (images, rows): which boxes take part.
        rows: How many there are.
        threshold: Boxes that overlap by more than this suppress each other.
        dtype: Dtype of the boxes.

    Returns:
        str: Bools (images, rows).
    """
    inner = Writer(parent=g)
    alive, box, number = (g.new_name(name) for name in ("alive", "box", "number"))
    one = inner.unsqueeze(box, 1)
    hit = inner.Greater(overlap(inner, one, boxes, 2, dtype), g.number(threshold, dtype))
    hit = inner.And(hit, inner.Less(number, np.arange(rows, dtype=_INT)))
    hit = inner.And(hit, inner.Gather(alive, number, axis=1))
    pieces, kinds = [g.Transpose(boxes, perm=[1, 0, 2])], [(box, dtype)]
    if ids is not None:
        own = g.new_name("class")
        hit = inner.And(hit, inner.Equal(inner.unsqueeze(own, 1), ids))
        pieces.append(g.Transpose(ids, perm=[1, 0]))
        kinds.append((own, dtype))
    numbers = g.constant(np.arange(rows, dtype=_INT).reshape(-1, 1))
    left = inner.And(alive, inner.Not(hit))
    inputs = [(alive, _BOOL), *kinds, (number, _INT)]
    body = graph_of(inner, "suppress", inputs, [(left, _BOOL)])
    return g.Scan(valid, *pieces, numbers, body=body, num_scan_inputs=len(pieces) + 1)
