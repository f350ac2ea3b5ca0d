"""Pooling; older files have Pooling_v1."""

import numpy as np

from ...registry import translates
from ..conv.window import is_channels_last, to_channels_first, to_channels_last, tuple_of


@translates("Pooling", kind="one", ignores=("kernel", "stride", "pad", "pooling_convention"))
def pooling(node, g):
    attrs, rank = node.attrs, node.rank()
    last = is_channels_last(attrs.layout)
    x, dims, out_dims = node.inputs[0], node.dims(), node.out_dims()
    if last:
        x = to_channels_first(g, x, rank)
        dims = (dims[0], dims[-1], *dims[1:-1])
        out_dims = (out_dims[0], out_dims[-1], *out_dims[1:-1])
    padded = attrs.count_include_pad is not False
    power = attrs.p_value
    if attrs.global_pool:
        found = _everywhere(node, g, x, power)
    else:
        found = _windows(node, g, x, (dims[2:], out_dims[2:]), padded, power)
    return to_channels_last(g, found, rank) if last else found


@translates("Pooling_v1", kind="one", ignores=("kernel", "stride", "pad", "pooling_convention"))
def pooling_v1(node, g):
    if node.attrs.global_pool:
        return _everywhere(node, g, node.inputs[0], None)
    sizes = node.dims()[2:], node.out_dims()[2:]
    return _windows(node, g, node.inputs[0], sizes, True, None, whole=True)


def _everywhere(node, g, x, power):
    """One window over all of a channel."""
    kind, axes = node.attrs.pool_type, list(range(2, node.rank()))
    if kind == "max":
        return g.GlobalMaxPool(x)
    if kind == "avg":
        return g.GlobalAveragePool(x)
    if kind == "sum":
        return g.reduce("ReduceSum", x, axes, True)
    if power in (1, 2):
        return g.reduce(f"ReduceL{power}", x, axes, True)
    dtype = node.dtype()
    powers = g.Pow(g.Abs(x), g.number(power, dtype))
    return g.Pow(g.reduce("ReduceSum", powers, axes, True), g.number(1 / power, dtype))


def _borders(node, sizes):
    """Padding in front and behind, for each axis, so that the windows just fit.

    ONNX would round up (`ceil_mode`), too, but leaves open what the last windows hold.
    """
    attrs, (dims, out_dims) = node.attrs, sizes
    rank = len(attrs.kernel)
    stride, pad = tuple_of(attrs.stride, rank, 1), tuple_of(attrs.pad, rank, 0)
    if attrs.pooling_convention == "valid":
        return pad, pad, pad
    if None in dims:
        node.refuse("needs the size of its input", "'valid' is expected", "pooling_convention")
    begin, end, counted = [], [], []
    for size, out, k, s, p in zip(dims, out_dims, attrs.kernel, stride, pad):
        missing = (out - 1) * s + k - size
        if attrs.pooling_convention == "same":
            p = max(missing, 0) // 2
        begin.append(p)
        end.append(max(missing - p, 0))
        # Averages count what is padded on both sides, and nothing behind it.
        counted.append(end[-1] if attrs.pooling_convention == "same" else p)
    return tuple(begin), tuple(end), tuple(counted)


def _windows(node, g, x, sizes, padded, power, whole=False):
    attrs, kind = node.attrs, node.attrs.pool_type
    begin, end, counted = _borders(node, sizes)
    window = {
        "kernel_shape": attrs.kernel,
        "strides": tuple_of(attrs.stride, len(attrs.kernel), 1),
        "pads": begin + end,
    }
    if kind == "max":
        return g.MaxPool(x, **window)
    if kind == "lp":
        return g.LpPool(x, p=power, **window)
    if kind == "avg" and not padded:
        return g.AveragePool(x, **window)
    total = int(np.prod(attrs.kernel))
    found = g.AveragePool(x, count_include_pad=1, **window)
    if kind == "sum":
        return g.Mul(found, g.number(total, node.dtype()))
    if whole or end == counted:
        return found
    return g.Mul(found, _shares(node, sizes, begin, counted))


def _shares(node, sizes, begin, counted):
    """Elements of a window over those of them that averages count."""
    attrs, found = node.attrs, np.ones(())
    stride = tuple_of(attrs.stride, len(attrs.kernel), 1)
    for i, (size, out) in enumerate(zip(*sizes)):
        starts = np.arange(out) * stride[i] - begin[i]
        ends = np.minimum(starts + attrs.kernel[i], size + counted[i])
        found = found[..., None] * (attrs.kernel[i] / (ends - starts))
    return found.astype(node.dtype())
