"""Convolutions whose windows' elements are moved."""

import numpy as np

from ...registry import translates
from .window import tuple_of


def _deformable(node, g, data, weight, offset, bias, mask):
    attrs, rank = node.attrs, len(node.attrs.kernel)
    if attrs.layout not in (None, "NCHW"):
        node.refuse("has no meaning in ONNX", "NCHW is expected", "layout")
    pad = tuple_of(attrs.pad, rank, 0)
    return g.DeformConv(
        data,
        weight,
        offset,
        bias,
        mask,
        kernel_shape=attrs.kernel,
        strides=tuple_of(attrs.stride, rank, 1),
        dilations=tuple_of(attrs.dilate, rank, 1),
        pads=pad + pad,
        group=attrs.num_group,
        offset_group=attrs.num_deformable_group,
    )


@translates(
    "_contrib_DeformableConvolution", kind="one", opset=19, ignores=("no_bias", "num_filter")
)
def deformable_convolution(node, g):
    data, offset, weight, *bias = node.inputs
    mask = _border_mask(node, g, offset)
    return _deformable(node, g, data, weight, offset, bias[0] if bias else None, mask)


def _border_mask(node, g, offset):
    """What makes ONNX's reading beside the border that of the operator.

    ONNX lets a value fade to 0 within one element outside. Here a point outside gives 0 at once,
    and one behind the last element its whole value: the share that fades is put back.
    """
    attrs, dtype = node.attrs, node.dtype()
    out = node.size(2, 1), node.size(3, 1)
    rank, groups = len(attrs.kernel), attrs.num_deformable_group
    size = np.array([node.size(2), node.size(3)]).reshape(1, 1, rank, 1, 1).astype(dtype)
    kernel = int(np.prod(attrs.kernel))
    offsets = g.Reshape(offset, g.ints(0, groups * kernel, rank, *out))
    base = np.tile(_points(node, out), (1, groups, 1, 1, 1)).astype(dtype)
    places = g.Add(offsets, base)
    inside = g.And(g.GreaterOrEqual(places, g.number(0, dtype)), g.Less(places, size))
    faded = g.Max(g.Sub(places, size - 1), g.number(0, dtype))
    share = g.Reciprocal(g.Sub(g.number(1, dtype), faded))
    factors = g.Where(inside, share, g.number(0, dtype))
    return g.reduce("ReduceProd", factors, [2])


def _points(node, out):
    """Where windows read before they are moved: (1, kernel, 2, height, width)."""
    attrs, rank = node.attrs, len(node.attrs.kernel)
    stride, dilate = tuple_of(attrs.stride, rank, 1), tuple_of(attrs.dilate, rank, 1)
    pad = tuple_of(attrs.pad, rank, 0)
    inner = np.indices(attrs.kernel).reshape(rank, -1) * np.array(dilate)[:, None]
    outer = np.indices(out) * np.array(stride).reshape(rank, 1, 1) - np.array(pad).reshape(-1, 1, 1)
    return (inner.T[:, :, None, None] + outer[None])[None]


@translates(
    "_contrib_ModulatedDeformableConvolution",
    kind="one",
    opset=19,
    ignores=("no_bias", "num_filter", "im2col_step"),
)
def modulated_deformable_convolution(node, g):
    data, offset, mask, weight, *bias = node.inputs
    return _deformable(node, g, data, weight, offset, bias[0] if bias else None, mask)
