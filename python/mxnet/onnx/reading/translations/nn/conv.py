"""Convolutions."""

from ..... import error
from ...registry import translates
from .windows import Window, pad_spatial


@translates("Conv")
def conv(node, x, weight, bias=None):
    return convolve(node, x, weight, bias)


def convolve(node, x, weight, bias=None):
    """A convolution with the attributes of a node."""
    if x.rank < 3 or weight.rank != x.rank:
        raise error.ValueError(
            f"{node.title}: X of shape {list(x.shape)} and W of shape {list(weight.shape)} of "
            f"{node.proto.op_type} do not fit; (batch, channels, spatial axes) are expected"
        )
    kernel = node.attr("kernel_shape") or weight.shape[2:]
    window = Window(node, x.shape, kernel)
    pad = window.begin
    if not window.is_even:
        x, pad = pad_spatial(node, x, window.begin, window.end, 0), (0,) * len(window.kernel)
    inputs = [x, weight] if bias is None else [x, weight, bias]
    return node.op(
        "Convolution",
        *inputs,
        kernel=window.kernel,
        stride=window.stride,
        dilate=window.dilation,
        pad=pad,
        num_filter=weight.shape[0],
        num_group=node.attr("group", 1),
        no_bias=bias is None,
    ).like(dtype=x.dtype)


@translates("ConvTranspose")
def conv_transpose(node, x, weight, bias=None):
    if x.rank < 3 or weight.rank != x.rank:
        raise error.ValueError(
            f"{node.title}: X of shape {list(x.shape)} and W of shape {list(weight.shape)} of "
            "ConvTranspose do not fit; (batch, channels, spatial axes) are expected"
        )
    kernel = tuple(node.attr("kernel_shape") or weight.shape[2:])
    rank, groups = len(kernel), node.attr("group", 1)
    stride = tuple(node.attr("strides") or (1,) * rank)
    dilation = tuple(node.attr("dilations") or (1,) * rank)
    more = tuple(node.attr("output_padding") or (0,) * rank)
    reach = [(k - 1) * d + 1 for k, d in zip(kernel, dilation)]
    begin, end = _transposed_pads(node, x, stride, reach, more)
    inputs = [x, weight] if bias is None else [x, weight, bias]
    parameters = {
        "kernel": kernel,
        "stride": stride,
        "dilate": dilation,
        "num_filter": weight.shape[1] * groups,
        "num_group": groups,
        "no_bias": bias is None,
    }
    if begin == end and all(m < s for m, s in zip(more, stride)) and min(begin) >= 0:
        return node.op("Deconvolution", *inputs, pad=begin, adj=more, **parameters)
    parameters["no_bias"] = True
    whole = node.op("Deconvolution", x, weight, pad=(0,) * rank, **parameters)
    for i in range(rank):
        size = stride[i] * (x.shape[i + 2] - 1) + reach[i]
        last = size - end[i] + more[i]
        missing = [0] * rank
        missing[i] = max(last - size, 0)
        whole = pad_spatial(node, whole, [0] * rank, missing, 0)
        whole = node.slice_axis(whole, i + 2, begin[i], last)
    if bias is None:
        return whole
    return node.add(whole, node.reshape(bias, (1, bias.shape[0], *[1] * rank)))


def _transposed_pads(node, x, stride, reach, more):
    rank = len(stride)
    wanted, mode = node.attr("output_shape"), node.attr("auto_pad", "NOTSET")
    pads = node.attr("pads") or [0] * 2 * rank
    if not wanted and mode in ("NOTSET", ""):
        return tuple(pads[:rank]), tuple(pads[rank:])
    if mode == "VALID" and not wanted:
        return (0,) * rank, (0,) * rank
    if wanted:
        wanted = wanted[-rank:]
    else:
        wanted = [size * step for size, step in zip(x.shape[2:], stride)]
    totals = [
        step * (size - 1) + extra + length - target
        for step, size, extra, length, target in zip(stride, x.shape[2:], more, reach, wanted)
    ]
    # A result that is larger than the data gives has zeros at its end.
    small = tuple(max(total, 0) // 2 for total in totals)
    large = tuple(total - max(total, 0) // 2 for total in totals)
    return (large, small) if mode == "SAME_LOWER" else (small, large)


@translates("DeformConv")
def deformable_conv(node, x, weight, offset, bias=None, mask=None):
    kernel = node.attr("kernel_shape") or weight.shape[2:]
    window = Window(node, x.shape, kernel)
    if not window.is_even:
        raise node.refuse("pads", node.attr("pads"), "the same pads on both sides")
    name = "_contrib_DeformableConvolution"
    inputs = [x, offset]
    if mask is not None:
        name = "_contrib_ModulatedDeformableConvolution"
        inputs.append(mask)
    inputs.append(weight)
    if bias is not None:
        inputs.append(bias)
    return node.op(
        name,
        *inputs,
        kernel=window.kernel,
        stride=window.stride,
        dilate=window.dilation,
        pad=window.begin,
        num_filter=weight.shape[0],
        num_group=node.attr("group", 1),
        num_deformable_group=node.attr("offset_group", 1),
        no_bias=bias is None,
    ).like(dtype=x.dtype)


@translates("Col2Im")
def col2im(node, x, image, block):
    sizes = [int(n) for n in node.need(image, "image_shape").reshape(-1)]
    kernel = [int(n) for n in node.need(block, "block_shape").reshape(-1)]
    channels = x.shape[1]
    for size in kernel:
        channels //= size
    window = Window(node, (x.shape[0], channels, *sizes), kernel)
    if len(sizes) == 2 and window.is_even:
        return node.op(
            "col2im",
            x,
            output_size=tuple(sizes),
            kernel=window.kernel,
            stride=window.stride,
            dilate=window.dilation,
            pad=window.begin,
        ).like(dtype=x.dtype)
    return _fold(node, x, window, channels)


def _fold(node, x, window, channels):
    """Blocks added up one element of the block after the other, by zeros around each."""
    counts, rank = window.outputs(), len(window.kernel)
    node.check_constant((window.count(),), "int64")
    parts = node.reshape(x, (x.shape[0], channels, window.count(), *counts))
    padded = [s + b + e for s, b, e in zip(window.spatial, window.begin, window.end)]
    total = None
    for i, offset in enumerate(window.offsets()):
        part = node.reshape(node.slice_axis(parts, 2, i, i + 1), (x.shape[0], channels, *counts))
        for axis in range(rank):
            part = _spread(node, part, axis + 2, window.stride[axis], offset[axis], padded[axis])
        total = part if total is None else node.add(total, part)
    for axis in range(rank):
        first = window.begin[axis]
        total = node.slice_axis(total, axis + 2, first, first + window.spatial[axis])
    return total


def _spread(node, x, axis, stride, first, size):
    """Elements of an axis put at `first`, `first + stride`, ... of an axis of zeros."""
    count = x.shape[axis]
    before, after = list(x.shape), list(x.shape)
    if stride > 1:
        zeros = list(x.shape)
        zeros.insert(axis + 1, stride - 1)
        wide = node.concat([node.expand_dims(x, axis + 1), node.full(zeros, 0, x.dtype)], axis + 1)
        x = node.reshape(wide, (*x.shape[:axis], count * stride, *x.shape[axis + 1 :]))
        x = node.slice_axis(x, axis, 0, (count - 1) * stride + 1)
    before[axis], after[axis] = first, size - first - x.shape[axis]
    parts = [node.full(before, 0, x.dtype), x, node.full(after, 0, x.dtype)]
    return node.concat(parts, axis)
