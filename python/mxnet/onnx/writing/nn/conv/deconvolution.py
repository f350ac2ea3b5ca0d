"""Deconvolution: a transposed convolution."""

from ...registry import translates
from .window import is_channels_last, to_channels_first, to_channels_last, tuple_of


@translates("Deconvolution", kind="one", ignores=("no_bias", "num_filter"))
def deconvolution(node, g):
    attrs, rank = node.attrs, len(node.attrs.kernel)
    last = is_channels_last(attrs.layout)
    data, weight, *bias = node.inputs
    dims = node.dims()
    if last:
        data = to_channels_first(g, data, rank + 2)
        weight = to_channels_first(g, weight, rank + 2)
        dims = (dims[0], dims[-1], *dims[1:-1])
    stride, dilate = tuple_of(attrs.stride, rank, 1), tuple_of(attrs.dilate, rank, 1)
    begin, end, more = _borders(node, dims[2:], stride, dilate)
    found = g.ConvTranspose(
        data,
        weight,
        *bias,
        kernel_shape=attrs.kernel,
        strides=stride,
        dilations=dilate,
        pads=begin + end,
        output_padding=more,
        group=attrs.num_group,
    )
    return to_channels_last(g, found, rank + 2) if last else found


def _borders(node, sizes, stride, dilate):
    """What is cut off in front and behind, and what is added behind, on each axis."""
    attrs, rank = node.attrs, len(node.attrs.kernel)
    pad, more = tuple_of(attrs.pad, rank, 0), tuple_of(attrs.adj, rank, 0)
    if not attrs.target_shape:
        return pad, pad, more
    if None in sizes:
        node.refuse("needs the size of its input", "give pad and adj in its place", "target_shape")
    begin, end, more = [], [], []
    for i, target in enumerate(attrs.target_shape):
        full = stride[i] * (sizes[i] - 1) + dilate[i] * (attrs.kernel[i] - 1) + 1
        begin.append((full - target + 1) // 2)
        rest = full - target - begin[i]
        end.append(max(rest, 0))
        more.append(max(-rest, 0))
    return tuple(begin), tuple(end), tuple(more)
