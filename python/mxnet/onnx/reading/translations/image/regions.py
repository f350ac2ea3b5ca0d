"""Regions of pictures as maps of one size."""

import itertools

import numpy as np

from ...registry import translates
from ...values import is_known


@translates("RoiAlign")
def roi_align(node, x, rois, batches):
    half = node.attr("coordinate_transformation_mode", "half_pixel" if node.opset >= 16 else "")
    half, mode = half == "half_pixel", node.attr("mode", "avg")
    if mode == "max":
        return _largest(node, x, rois, batches, half)
    if mode != "avg":
        raise node.refuse("mode", mode, "avg or max")
    column = node.expand_dims(node.cast(batches, rois.dtype), 1)
    return node.op(
        "_contrib_ROIAlign",
        x,
        node.concat([column, rois], 1),
        pooled_size=(node.attr("output_height", 1), node.attr("output_width", 1)),
        spatial_scale=node.attr("spatial_scale", 1.0),
        sample_ratio=node.attr("sampling_ratio", 0) or -1,
        aligned=half,
    ).like(dtype=x.dtype)


def _largest(node, x, rois, batches, half):
    """The largest weighted element around the points of each cell.

    ONNX compares the four neighbours of a point, each times its weight, not their sums.
    """
    points = node.attr("sampling_ratio", 0)
    if points < 1:
        raise node.refuse("sampling_ratio", points, "at least 1 in mode max")
    if not is_known(x.shape):
        raise node.refuse("X", list(x.shape), "a known shape (input_shapes)")
    batch, channels, height, width = x.shape
    cells = node.attr("output_height", 1), node.attr("output_width", 1)
    node.check_steps(points * max(cells), "points along an axis")
    rows = _neighbours(node, rois, 1, height, cells[0] * points, half)
    columns = _neighbours(node, rois, 0, width, cells[1] * points, half)
    source = node.reshape(node.transpose(x, (0, 2, 3, 1)), (batch * height * width, channels))
    first = node.mul(node.cast(batches, "int64"), node.const(height * width, "int64"))
    first = node.reshape(first, (rois.shape[0], 1, 1))
    largest = None
    for (row, by_row), (column, by_column) in itertools.product(rows, columns):
        place = node.mul(node.expand_dims(row, 2), node.const(width, "int64"))
        place = node.add(node.add(place, node.expand_dims(column, 1)), first)
        weight = node.mul(node.expand_dims(by_row, 2), node.expand_dims(by_column, 1))
        found = node.op("take", source, place, axis=0, mode="clip").like(dtype=x.dtype)
        found = node.mul(found, node.expand_dims(node.cast(weight, x.dtype), 3))
        largest = found if largest is None else node.binary("maximum", largest, found)
    split = (rois.shape[0], cells[0], points, cells[1], points, channels)
    pooled = node.reduce("max", node.reshape(largest, split), [2, 4], False)
    return node.transpose(pooled, (0, 3, 1, 2))


def _neighbours(node, rois, axis, size, count, half):
    """Elements before and behind the points of an axis: pairs of places and weights.

    Args:
        node (Node): The node.
        rois (Value): Rows of x and y of the first corner, then of the second one.
        axis (int): 0 for x, 1 for y.
        size (int): Elements of the axis.
        count (int): Points in each region.
        half (bool): Whether elements lie at the middle of their places.

    Returns:
        list of tuple: Places (int64) and weights, (regions, count) each.
    """
    scale, shift = node.attr("spatial_scale", 1.0), -0.5 if half else 0.0
    begin, end = (
        node.scale(node.slice_axis(rois, 1, i, i + 1), scale, shift) for i in (axis, axis + 2)
    )
    length = node.sub(end, begin)
    if not half:
        length = node.binary("maximum", length, node.const(1, rois.dtype))
    parts = node.const((np.arange(count)[None] + 0.5) / count, rois.dtype)
    places = node.add(begin, node.mul(length, parts))
    inside = node.binary(
        "bit_and",
        node.binary("greater_equal", places, node.const(-1, rois.dtype)),
        node.binary("less_equal", places, node.const(size, rois.dtype)),
    )
    places = node.pointwise("clip", places, a_min=0.0, a_max=float(size - 1))
    before = node.pointwise("floor", places)
    behind = node.pointwise("clip", node.scale(before, shift=1.0), a_min=0.0, a_max=size - 1.0)
    inside, part = node.cast(inside, rois.dtype), node.sub(places, before)
    return [
        (node.cast(before, "int64"), node.mul(node.scale(part, -1.0, 1.0), inside)),
        (node.cast(behind, "int64"), node.mul(part, inside)),
    ]


@translates("MaxRoiPool")
def max_roi_pool(node, x, rois):
    return node.op(
        "ROIPooling",
        x,
        rois,
        pooled_size=tuple(node.attr("pooled_shape", [])),
        spatial_scale=node.attr("spatial_scale", 1.0),
    ).like(dtype=x.dtype)
