"""Choice of boxes."""

import numpy as np

from ...registry import translates
from ...values import is_known


@translates("NonMaxSuppression")
def non_max_suppression(node, boxes, scores, most=None, overlap=None, threshold=None):
    if not is_known(boxes.shape) or not is_known(scores.shape):
        raise node.refuse("boxes", list(boxes.shape), "known shapes")
    count = 0 if most is None else int(node.need(most, "max_output_boxes_per_class").reshape(-1)[0])
    shared = 0.0 if overlap is None else float(node.need(overlap, "iou_threshold").reshape(-1)[0])
    lowest = None if threshold is None else float(node.need(threshold, "score").reshape(-1)[0])
    batch, classes, total = scores.shape
    count = min(count, total)
    if count <= 0:
        return node.const(np.zeros((0, 3)), "int64")
    node.check_constant((batch, classes, total, 6), "float32")
    rows = _rows(node, boxes, scores)
    kept = node.op(
        "_contrib_box_nms",
        rows,
        overlap_thresh=shared,
        valid_thresh=-np.inf if lowest is None else lowest,
        coord_start=1,
        score_index=0,
        id_index=-1,
        force_suppress=True,
        in_format="center" if node.attr("center_point_box", 0) else "corner",
    ).like()
    kept = node.slice_axis(kept, 1, 0, count)
    place = node.reshape(node.slice_axis(kept, 2, 5, 6), (batch * classes, count, 1))
    lead = np.indices((batch, classes, count))[:2].reshape(2, batch * classes, count)
    parts = [node.const(part[..., None], "float32") for part in lead]
    triples = node.reshape(node.concat([*parts, place], 2), (batch * classes * count, 3))
    valid = node.binary(
        "greater_equal", node.reshape(place, (batch * classes * count,)), node.const(0.0)
    )
    return node.cast(node.choose(triples, valid), "int64")


def _rows(node, boxes, scores):
    """(batch * classes, boxes, 6): score, corners or centre and size, number of the box."""
    batch, classes, total = scores.shape
    columns = [node.slice_axis(boxes, 2, i, i + 1) for i in range(4)]
    if not node.attr("center_point_box", 0):
        # Any two opposite corners may be given.
        low = [node.binary("minimum", columns[i], columns[i + 2]) for i in (0, 1)]
        high = [node.binary("maximum", columns[i], columns[i + 2]) for i in (0, 1)]
        columns = [*low, *high]
    corners = node.expand_dims(node.concat(columns, 2), 1)
    corners = node.broadcast_to(corners, (batch, classes, total, 4))
    numbers = np.broadcast_to(np.arange(total)[:, None], (batch, classes, total, 1))
    parts = [node.expand_dims(scores, 3), corners, node.const(numbers, "float32")]
    return node.reshape(node.concat(parts, 3), (batch * classes, total, 6))
