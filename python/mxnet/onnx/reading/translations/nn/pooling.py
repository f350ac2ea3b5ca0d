"""Poolings."""

import math

import numpy as np

from ...dtypes import computed_in, is_float
from ...registry import translates
from ...values import is_known
from .windows import Window, pad_spatial


def _window(node, x):
    return Window(node, x.shape, node.attr("kernel_shape", []), bool(node.attr("ceil_mode", 0)))


def _convention(window, x):
    """The operator's convention in which it has this pooling as it is, or None.

    Uneven pads, and windows that stick out, are "full" where that makes as many windows: each
    begins at the same place, and what lies outside counts for nothing.
    """
    if (
        set(window.dilation) != {1}
        or len(window.kernel) > 3
        or x.dtype not in ("float32", "float64", "float16")
        or any(p >= k for p, k in zip(window.begin, window.kernel))
    ):
        return None
    if window.is_even and not window.ceil:
        return "valid"
    if not is_known(window.spatial):
        return None
    full = tuple(
        -(-(size + 2 * p - k) // s) + 1
        for size, p, k, s in zip(window.spatial, window.begin, window.kernel, window.stride)
    )
    return "full" if full == window.outputs() else None


def _is_plain(window, x):
    """Whether the operator has this pooling, all of whose windows lie within the pads."""
    return _convention(window, x) == "valid"


def _pool(node, x, window, kind, pad, convention="valid", **more):
    return node.op(
        "Pooling",
        x,
        kernel=window.kernel,
        stride=window.stride,
        pad=pad,
        pool_type=kind,
        pooling_convention=convention,
        **more,
    ).like(dtype=x.dtype)


def _padded(node, x, window, number):
    """Data with pads, and what windows need that stick out, and the result's sizes."""
    if not is_known(window.spatial):
        raise node.refuse("pads", "uneven, or with ceil_mode or dilations", "known sizes")
    end = [a + b for a, b in zip(window.end, window.extra())]
    return pad_spatial(node, x, window.begin, end, number), window.outputs()


def _pieces(node, padded, window, sizes):
    """For each element of the window the elements of the data that it meets."""
    for offset in window.offsets():
        last = [o + (n - 1) * s + 1 for o, n, s in zip(offset, sizes, window.stride)]
        yield node.op(
            "slice",
            padded,
            begin=(None, None, *offset),
            end=(None, None, *last),
            step=(None, None, *window.stride),
        ).like(dtype=padded.dtype)


def _lowest(dtype):
    return -math.inf if is_float(dtype) else np.iinfo(computed_in(dtype)).min


@translates("MaxPool")
def max_pool(node, x):
    window = _window(node, x)
    if node.wants(1):
        return _with_places(node, x, window)
    convention = _convention(window, x)
    if convention:
        return _pool(node, x, window, "max", window.begin, convention)
    padded, sizes = _padded(node, x, window, _lowest(x.dtype))
    if set(window.dilation) == {1} and is_float(x.dtype) and len(sizes) <= 3:
        return _pool(node, padded, window, "max", (0,) * len(sizes))
    best = None
    for piece in _pieces(node, padded, window, sizes):
        best = piece if best is None else node.binary("maximum", best, piece)
    return best


def _with_places(node, x, window):
    """The largest elements and where they are in the flat data."""
    padded, sizes = _padded(node, x, window, _lowest(x.dtype))
    node.check_constant((*x.shape[:2], *sizes, window.count()), "int64")
    batch, channels = x.shape[:2]
    plane = math.prod(window.spatial)
    lead = np.arange(batch * channels).reshape(batch, channels, *[1] * len(sizes)) * plane
    steps = np.cumprod([1, *window.spatial[:0:-1]])[::-1]
    if node.attr("storage_order", 0):
        steps = np.cumprod([1, *window.spatial[:-1]])
    best = places = None
    for offset, piece in zip(window.offsets(), _pieces(node, padded, window, sizes)):
        flat = np.zeros(sizes, np.int64)
        for axis, first in enumerate(offset):
            line = np.arange(sizes[axis]) * window.stride[axis] + first - window.begin[axis]
            shape = [-1 if i == axis else 1 for i in range(len(sizes))]
            flat = flat + line.reshape(shape) * steps[axis]
        here = node.const(lead + flat, "int64")
        if best is None:
            best, places = piece, here
            continue
        better = node.binary("greater", piece, best)
        best, places = node.where(better, piece, best), node.where(better, here, places)
    return best, places


@translates("AveragePool")
def average_pool(node, x):
    window = _window(node, x)
    include = bool(node.attr("count_include_pad", 0))
    convention = _convention(window, x)
    if convention == "valid" or (convention and not include):
        return _pool(node, x, window, "avg", window.begin, convention, count_include_pad=include)
    total, sizes = _sum(node, x, window)
    node.check_constant((window.count(), *sizes), "int64")
    counts = np.ones([1, 1, *[1] * len(sizes)])
    for axis, count in enumerate(sizes):
        starts = np.arange(count)[:, None] * window.stride[axis]
        places = starts + np.arange(window.kernel[axis]) * window.dilation[axis]
        low = 0 if include else window.begin[axis]
        high = window.begin[axis] + window.spatial[axis] + (window.end[axis] if include else 0)
        inside = ((places >= low) & (places < high)).sum(axis=1)
        shape = [-1 if i == axis + 2 else 1 for i in range(len(sizes) + 2)]
        counts = counts * inside.reshape(shape)
    return node.div(total, node.const(counts, x.dtype))


def _sum(node, x, window):
    padded, sizes = _padded(node, x, window, 0)
    if set(window.dilation) == {1} and len(sizes) <= 3:
        return _pool(node, padded, window, "sum", (0,) * len(sizes)), sizes
    total = None
    for piece in _pieces(node, padded, window, sizes):
        total = piece if total is None else node.add(total, piece)
    return total, sizes


@translates("LpPool")
def lp_pool(node, x):
    p = node.attr("p", 2)
    window = _window(node, x)
    powers = node.pointwise("_power_scalar", node.pointwise("abs", x), scalar=float(p))
    if _is_plain(window, x):
        total = _pool(node, powers, window, "sum", window.begin)
    else:
        total, _ = _sum(node, powers, window)
    return node.pointwise("_power_scalar", total, scalar=1.0 / p)


def _global(node, x, kind, reduction):
    if x.rank in (3, 4, 5):
        kernel = (1,) * (x.rank - 2)
        return node.op("Pooling", x, kernel=kernel, global_pool=True, pool_type=kind).like(
            dtype=x.dtype
        )
    return node.reduce(reduction, x, list(range(2, x.rank)), True)


@translates("GlobalAveragePool")
def global_average_pool(node, x):
    return _global(node, x, "avg", "mean")


@translates("GlobalMaxPool")
def global_max_pool(node, x):
    return _global(node, x, "max", "max")


@translates("GlobalLpPool")
def global_lp_pool(node, x):
    p = node.attr("p", 2)
    powers = node.pointwise("_power_scalar", node.pointwise("abs", x), scalar=float(p))
    total = node.reduce("sum", powers, list(range(2, x.rank)), True)
    return node.pointwise("_power_scalar", total, scalar=1.0 / p)


@translates("MaxUnpool")
def max_unpool(node, x, places, shape=None):
    kernel = node.attr("kernel_shape", [])
    rank = len(kernel)
    stride = node.attr("strides") or [1] * rank
    pads = node.attr("pads") or [0] * 2 * rank
    natural = [
        (size - 1) * s - pads[i] - pads[i + rank] + k
        for i, (size, s, k) in enumerate(zip(x.shape[2:], stride, kernel))
    ]
    natural = [*x.shape[:2], *natural]
    wanted = natural if shape is None else [int(n) for n in node.need(shape, "output_shape")]
    node.check_size(wanted, x.dtype)
    count = math.prod(x.shape)
    flat = node.op(
        "scatter_nd",
        node.reshape(x, (count,)),
        node.reshape(places, (1, count)),
        shape=(math.prod(natural),),
    ).like(dtype=x.dtype)
    result = node.reshape(flat, natural)
    return pad_spatial(node, result, [0] * rank, [a - b for a, b in zip(wanted, natural)][2:], 0)
