"""From real numbers to whole ones and back."""

import numpy as np

from ..registry import translates
from . import ranges


def _dynamic(node):
    node.refuse("takes its range from data", "quantize with calib_mode='naive' or 'entropy'")


def quantized(node, g, value, dtype, low, high, step_of):
    """Whole numbers and the range that they are said to have: int8 is symmetric."""
    size = max(abs(low), abs(high))
    found = ranges.to_whole(g, value, step_of(dtype, size), dtype)
    low, high = (low, high) if dtype == np.uint8 else (-size, size)
    return [found, *ranges.ends(g, low, high)]


@translates("_contrib_quantize_v2", ignores=("out_type",))
def quantize_v2(node, g):
    dtype, bounds = node.out_dtype(), ranges.calibrated(node)
    if bounds is None:
        _dynamic(node)
    if node.dtype() == dtype:
        return [node.inputs[0], *ranges.ends(g, *bounds)]
    return quantized(node, g, node.inputs[0], dtype, *bounds, ranges.real_step)


@translates("_contrib_quantize", ignores=("out_type",))
def quantize(node, g):
    ranges.magnitude(node, g, 1)
    low, high = (float(g.constant_of(end).ravel()[0]) for end in node.inputs[1:3])
    return quantized(node, g, node.inputs[0], node.out_dtype(), low, high, ranges.whole_step)


@translates("_contrib_requantize", ignores=("out_type",))
def requantize(node, g):
    """Of sums, which are real numbers here."""
    dtype, bounds = node.out_dtype(), ranges.calibrated(node)
    if bounds is None:
        _dynamic(node)
    size = max(map(abs, bounds))
    found = ranges.to_whole(g, node.inputs[0], ranges.whole_step(dtype, size), dtype)
    return [found, *ranges.ends(g, 0 if dtype == np.uint8 else -size, size)]


@translates("_contrib_dequantize", ignores=("out_type",))
def dequantize(node, g):
    dtype = node.dtype()
    if dtype == np.int32:
        return node.inputs[0]
    step = ranges.real_step(dtype, ranges.magnitude(node, g, 1))
    return ranges.to_real(g, node.inputs[0], step, dtype)


@translates("_contrib_quantize_asym")
def quantize_asym(node, g):
    """data * scale + shift in bytes, the range known or that of the data."""
    attrs, x, dtype = node.attrs, node.inputs[0], node.dtype()
    low, high = (
        g.reduce(kind, x) if bound is None else g.number(bound, dtype)
        for kind, bound in (
            ("ReduceMin", attrs.min_calib_range),
            ("ReduceMax", attrs.max_calib_range),
        )
    )
    width = g.Sub(high, low)
    flat = g.Not(g.Greater(width, g.number(0, dtype)))
    scale = g.Div(g.number(255, dtype), g.Where(flat, g.number(1, dtype), width))
    scale = g.Where(flat, g.number(0, dtype), scale)
    shift = g.Sub(g.number(255, dtype), g.Mul(high, scale))
    whole = g.Round(g.Add(g.Mul(x, scale), shift))
    bytes_ = g.cast(g.Clip(whole, g.number(0, dtype), g.number(255, dtype)), np.uint8)
    return [bytes_, *(g.Reshape(each, g.ints(1)) for each in (scale, shift))]
