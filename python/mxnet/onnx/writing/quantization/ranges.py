"""Ranges of whole numbers, and the steps that follow from them.

A quantized array is three values: whole numbers, and the ends of the range that they stand for. In
a file int8 and uint8 stay what they are. Sums in int32 are real numbers there: what ONNX Runtime
makes of a layer between DequantizeLinear and QuantizeLinear is a layer of whole numbers again.
"""

import numpy as np

# 1.9.1 divides a range by one number where it makes and reads arrays, by another one in sums.
_REAL = {"int8": 127.5, "uint8": 255.5}
_WHOLE = {"int8": 127.0, "uint8": 255.0}


def magnitude(node, g, i):
    """The larger absolute end of the range in inputs i and i + 1, which must be constants."""
    ends = node.inputs[i : i + 2]
    if not all(map(g.is_constant, ends)):
        node.refuse("has a range that follows from data", "quantize with calib_mode='naive'")
    return float(max(np.abs(g.constant_of(end)).max() for end in ends))


def real_step(dtype, size):
    """What one whole number of an array stands for."""
    return size / _REAL[np.dtype(dtype).name]


def whole_step(dtype, size):
    """What one whole number stands for where it is multiplied, or comes from a sum."""
    return size / _WHOLE[np.dtype(dtype).name]


def calibrated(node):
    """The calibrated range of a node: both ends, or None."""
    attrs = node.attrs
    low, high = attrs.min_calib_range, attrs.max_calib_range
    return None if low is None or high is None else (low, high)


def ends(g, low, high):
    """The range as two constants."""
    return [g.constant(np.array([end], np.float32)) for end in (low, high)]


def to_whole(g, value, step, dtype):
    """Real numbers as whole ones: the nearest, halves to the even one, cut to the dtype."""
    step = np.float32(step if step > 0 else 1)
    return g.QuantizeLinear(value, step, np.zeros((), dtype))


def to_real(g, value, step, dtype):
    """What whole numbers stand for."""
    return g.DequantizeLinear(value, np.float32(step), np.zeros((), dtype))
