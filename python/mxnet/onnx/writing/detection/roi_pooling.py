"""Cells of a grid over regions of a feature map."""

import numpy as np

from ..registry import translates


def _pictures(node, g, rois):
    """Numbers of the regions' pictures, and where there is such a picture."""
    given = g.cast(g.squeeze(g.slice(rois, 1, 0, 1), 1), np.int64)
    last = g.Sub(g.squeeze(g.size(node.inputs[0], 0), 0), g.number(1, np.int64))
    found = g.Clip(given, g.number(0, np.int64), last)
    return found, g.unsqueeze(g.Equal(found, given), 1, 2, 3)


@translates("ROIPooling")
def roi_pooling(node, g):
    attrs, (data, rois) = node.attrs, node.inputs
    pictures, there = _pictures(node, g, rois)
    numbers = g.unsqueeze(g.cast(pictures, node.dtype(1)), 1)
    found = g.MaxRoiPool(
        data,
        g.Concat(numbers, g.slice(rois, 1, 1, 5), axis=1),
        pooled_shape=attrs.pooled_size,
        spatial_scale=attrs.spatial_scale,
    )
    return g.Where(there, found, g.number(0, node.dtype()))


@translates("_contrib_ROIAlign", opset=16)
def roi_align(node, g):
    attrs, (data, rois) = node.attrs, node.inputs
    height, width = attrs.pooled_size
    pictures, there = _pictures(node, g, rois)
    found = g.RoiAlign(
        data,
        g.slice(rois, 1, 1, 5),
        pictures,
        output_height=height,
        output_width=width,
        sampling_ratio=max(attrs.sample_ratio, 0),
        spatial_scale=attrs.spatial_scale,
        coordinate_transformation_mode="half_pixel" if attrs.aligned else "output_half_pixel",
    )
    if attrs.position_sensitive:
        found = _own_channels(node, g, found, height * width)
    return g.Where(there, found, g.number(0, node.dtype()))


def _own_channels(node, g, found, cells):
    """Each cell from the channel that is its own."""
    flat = g.Reshape(found, g.ints(0, node.size(1) // cells, cells * cells))
    own = np.arange(cells, dtype=np.int64) * (cells + 1)
    return g.Reshape(g.Gather(flat, own, axis=2), g.ints(0, 0, *node.attrs.pooled_size))
