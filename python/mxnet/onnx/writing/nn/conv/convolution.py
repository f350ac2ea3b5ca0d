"""Convolution; older files have Convolution_v1."""

from ...registry import translates
from .window import is_channels_last, to_channels_first, to_channels_last, tuple_of


@translates("Convolution", "Convolution_v1", kind="one", ignores=("no_bias", "num_filter"))
def convolution(node, g):
    attrs, rank = node.attrs, len(node.attrs.kernel)
    last = is_channels_last(attrs.layout)
    data, weight, *bias = node.inputs
    if last:
        data = to_channels_first(g, data, rank + 2)
        weight = to_channels_first(g, weight, rank + 2)
    pad = tuple_of(attrs.pad, rank, 0)
    found = g.Conv(
        data,
        weight,
        *bias,
        kernel_shape=attrs.kernel,
        strides=tuple_of(attrs.stride, rank, 1),
        dilations=tuple_of(attrs.dilate, rank, 1),
        pads=pad + pad,
        group=attrs.num_group,
    )
    return to_channels_last(g, found, rank + 2) if last else found
