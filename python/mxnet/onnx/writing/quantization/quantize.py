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
