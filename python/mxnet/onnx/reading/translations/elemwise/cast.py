"""Changes of the dtype."""

import numpy as np

from ...dtypes import computed_in, from_enum, is_bool, is_float, numpy_dtype
from ...registry import translates
from .bits import bits_of, floats_of, is_readable


@translates("Cast")
def cast(node, x):
    dtype = from_enum(node.attr("to", 0))
    return convert(node, x, dtype, node.attr("saturate", 1), node.attr("round_mode", "up"))


@translates("BitCast")
def bit_cast(node, x):
    dtype = from_enum(node.attr("to", 0))
    if not is_float(dtype) and not is_float(x.dtype):
        return convert(node, x, dtype)
    if dtype == x.dtype:
        return x
    given, wanted = numpy_dtype(x.dtype), numpy_dtype(dtype)
    if given.itemsize != wanted.itemsize or is_float(dtype) == is_float(x.dtype):
        kind = "whole numbers" if is_float(x.dtype) else "floats"
        raise node.refuse("to", dtype, f"{kind} of {given.itemsize} bytes")
    if not is_readable(dtype if is_float(dtype) else x.dtype):
        raise node.refuse("to", dtype, "float16, float32 or float64 on one side")
    if is_float(x.dtype):
        return convert(node, bits_of(node, x), dtype)
    return floats_of(node, node.cast(x, "int64"), dtype)


@translates("CastLike")
def cast_like(node, x, like):
    return convert(node, x, like.dtype, node.attr("saturate", 1), node.attr("round_mode", "up"))


def convert(node, x, dtype, saturate=1, round_mode="up"):
    """A tensor in another dtype, with the rounding and wrapping of the ones that are narrower here.

    Args:
        node (Node): The node.
        x (Value): The tensor.
        dtype (str): The ONNX dtype.
        saturate (int): Whether what is too large for a float of 8 bits becomes the largest one.
        round_mode (str): How ``float8_e8m0fnu`` rounds: "up", "down" or "nearest".
    """
    stored = computed_in(dtype)
    if dtype == x.dtype:
        return x
    if stored == dtype:
        if is_float(x.dtype) and dtype in ("uint8", "int8"):
            x = node.cast(x, "int32")
        return node.cast(x, dtype)
    if is_float(dtype):
        x = x if is_float(x.dtype) else node.cast(x, "float32")
        if dtype == "float8_e8m0fnu":
            return _to_power_of_two(node, node.cast(x, "float32"), round_mode).like(dtype=dtype)
        return _to_narrow_float(node, node.cast(x, "float32"), dtype, saturate).like(dtype=dtype)
    wide = x if is_bool(x.dtype) else node.cast(x, "int64" if stored == "int64" else "int32")
    if numpy_dtype(dtype).itemsize < 4 or dtype == "uint32":
        wide = _wrap(node, wide, dtype)
    return node.cast(wide, stored).like(dtype=dtype)


def _wrap(node, x, dtype):
    """Whole numbers modulo the number of those that a dtype has."""
    if is_bool(x.dtype):
        return x
    info = integer_limits(dtype)
    count, low = info[1] - info[0] + 1, info[0]
    shifted = node.sub(x, node.const(low, x.dtype))
    rest = node.binary("mod", shifted, node.const(count, x.dtype))
    return node.add(rest, node.const(low, x.dtype))


def integer_limits(dtype):
    """The smallest and the largest number of a dtype of whole numbers."""
    try:
        info = np.iinfo(numpy_dtype(dtype))
    except ValueError:
        import ml_dtypes

        info = ml_dtypes.iinfo(numpy_dtype(dtype))
    return int(info.min), int(info.max)


def _to_narrow_float(node, x, dtype, saturate):
    """float32 rounded to the nearest number of a narrower float, ties to even."""
    import ml_dtypes

    info = ml_dtypes.finfo(numpy_dtype(dtype))
    size = node.pointwise("abs", x)
    zero_free = node.binary("maximum", size, node.const(float(info.smallest_normal)))
    # The exponent by comparison with powers of two would be long; log2 may be off by one near a
    # power of two, which the next line corrects.
    exponent = node.pointwise("floor", node.pointwise("log2", zero_free))
    power = node.pointwise("_rpower_scalar", exponent, scalar=2.0)
    low = node.cast(node.binary("less", zero_free, power), "float32")
    high = node.cast(node.binary("greater_equal", zero_free, node.scale(power, 2.0)), "float32")
    exponent = node.add(node.sub(exponent, low), high)
    step = node.pointwise("_rpower_scalar", node.scale(exponent, shift=-info.nmant), scalar=2.0)
    rounded = node.mul(node.pointwise("_npi_around", node.div(x, step)), step)
    finite = node.pointwise("_npi_isfinite", x, "bool")
    rounded = node.where(finite, rounded, x)
    return _beyond(node, x, rounded, dtype, float(info.max), saturate)


def _beyond(node, x, rounded, dtype, largest, saturate):
    """What becomes of numbers that are too large for a narrow float."""
    sign = node.pointwise("sign", x)
    if dtype == "float4_e2m1fn" or (saturate and dtype.startswith("float8")):
        limited = node.pointwise("clip", rounded, a_min=-largest, a_max=largest)
        return node.where(node.pointwise("_npi_isnan", x, "bool"), x, limited)
    has_infinity = dtype in ("bfloat16", "float8_e5m2")
    over = node.mul(sign, node.const(np.inf)) if has_infinity else node.const(np.nan)
    large = node.binary("greater", node.pointwise("abs", rounded), node.const(largest))
    return node.where(large, over, rounded)


def _to_power_of_two(node, x, round_mode):
    size = node.pointwise("abs", x)
    safe = node.binary("maximum", size, node.const(2.0**-127))
    exponent = node.pointwise("floor", node.pointwise("log2", safe))
    power = node.pointwise("_rpower_scalar", exponent, scalar=2.0)
    low = node.cast(node.binary("less", safe, power), "float32")
    high = node.cast(node.binary("greater_equal", safe, node.scale(power, 2.0)), "float32")
    exponent = node.add(node.sub(exponent, low), high)
    power = node.pointwise("_rpower_scalar", exponent, scalar=2.0)
    kinds = {"up": ("greater", 1.0), "nearest": ("greater_equal", 1.5), "down": (None, 0)}
    if round_mode not in kinds:
        raise node.refuse("round_mode", round_mode, "up, down or nearest")
    comparison, factor = kinds[round_mode]
    if comparison:
        more = node.cast(node.binary(comparison, safe, node.scale(power, factor)), "float32")
        exponent = node.add(exponent, more)
    exponent = node.pointwise("clip", exponent, a_min=-127.0, a_max=127.0)
    result = node.pointwise("_rpower_scalar", exponent, scalar=2.0)
    return node.where(node.pointwise("_npi_isfinite", x, "bool"), result, node.const(np.nan))
