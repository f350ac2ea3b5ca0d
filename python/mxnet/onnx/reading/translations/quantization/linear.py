"""Numbers on a scale: quantize, dequantize, and products of quantized numbers, computed exactly."""

from ...dtypes import from_enum, is_float, numpy_dtype
from ...registry import translates
from ..elemwise.cast import convert, integer_limits
from ..linear.products import multiply
from ..nn.conv import convolve


def _along(node, value, x, axis):
    """A scale or zero point in a shape that broadcasts with `x`."""
    if value is None or value.rank == 0 or value.shape == (1,):
        return value if value is None else node.reshape(value, ())
    if value.rank == 1:
        shape = [1] * x.rank
        shape[axis] = value.shape[0]
        return node.reshape(value, shape)
    block = node.attr("block_size", 0)
    if not block:
        raise node.refuse("x_scale", list(value.shape), "a number, one for each channel, or blocks")
    parts = node.expand_dims(value, axis + 1)
    shape = list(parts.shape)
    shape[axis + 1] = block
    wide = node.reshape(
        node.broadcast_to(parts, shape),
        (*value.shape[:axis], value.shape[axis] * block, *value.shape[axis + 1 :]),
    )
    return node.slice_axis(wide, axis, 0, x.shape[axis])


@translates("QuantizeLinear")
def quantize(node, x, scale, zero=None):
    axis = node.axis(node.attr("axis", 1), max(x.rank, 2))
    dtype = from_enum(node.attr("output_dtype", 0)) if node.attr("output_dtype", 0) else None
    dtype = zero.dtype if zero is not None else dtype or "uint8"
    exact = from_enum(node.attr("precision", 0)) if node.attr("precision", 0) else "float32"
    shape = _along(node, scale, x, axis)
    quotient = node.div(node.cast(x, exact), node.cast(shape, exact))
    if is_float(dtype):
        if zero is not None:
            quotient = node.add(quotient, node.cast(_along(node, zero, x, axis), exact))
        return convert(node, quotient, dtype, node.attr("saturate", 1))
    rounded = node.pointwise("_npi_around", quotient)
    if zero is not None:
        rounded = node.add(rounded, node.cast(_along(node, zero, x, axis), exact))
    low, high = integer_limits(dtype)
    limited = node.pointwise("clip", rounded, a_min=float(low), a_max=float(high))
    return node.cast(node.cast(limited, "int32"), dtype)


@translates("DequantizeLinear")
def dequantize(node, x, scale, zero=None):
    axis = node.axis(node.attr("axis", 1), max(x.rank, 2))
    dtype = from_enum(node.attr("output_dtype", 0)) if node.attr("output_dtype", 0) else scale.dtype
    exact = "float64" if numpy_dtype(x.dtype).itemsize > 2 else "float32"
    value = node.cast(x, exact)
    if zero is not None:
        value = node.sub(value, node.cast(_along(node, zero, x, axis), exact))
    result = node.mul(value, node.cast(_along(node, scale, x, axis), exact))
    return convert(node, node.cast(result, "float32"), dtype)


def _centred(node, x, zero, axis=None):
    """Whole numbers less their zero point, as floats that hold products and sums exactly."""
    value = node.cast(x, "float64")
    if zero is None:
        return value
    if zero.rank == 1 and zero.shape != (1,) and axis is not None:
        shape = [1] * x.rank
        shape[axis] = zero.shape[0]
        zero = node.reshape(zero, shape)
    elif zero.shape == (1,):
        zero = node.reshape(zero, ())
    return node.sub(value, node.cast(zero, "float64"))


def _requantized(node, exact, factor, zero):
    """Numbers on another scale, rounded and limited to the dtype of its zero point."""
    scaled = node.pointwise("_npi_around", node.mul(exact, factor))
    low, high = integer_limits(zero.dtype)
    zero = node.reshape(zero, ()) if zero.shape == (1,) else zero
    moved = node.add(scaled, node.cast(zero, "float64"))
    limited = node.pointwise("clip", moved, a_min=float(low), a_max=float(high))
    return node.cast(node.cast(limited, "int32"), zero.dtype)


def _number(node, value):
    value = node.cast(value, "float64")
    return node.reshape(value, ()) if value.shape == (1,) else value


@translates("QLinearMatMul")
def quantized_matmul(node, a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero):
    exact = multiply(
        node, _centred(node, a, a_zero, a.rank - 2), _centred(node, b, b_zero, b.rank - 1)
    )
    left = _number(node, a_scale)
    if left.rank == 1:
        left = node.expand_dims(left, 1)
    factor = node.div(node.mul(left, _number(node, b_scale)), _number(node, y_scale))
    return _requantized(node, exact, factor, y_zero)


@translates("MatMulInteger")
def integer_matmul(node, a, b, a_zero=None, b_zero=None):
    left, right = _centred(node, a, a_zero, a.rank - 2), _centred(node, b, b_zero, b.rank - 1)
    return node.cast(multiply(node, left, right), "int32")


@translates("QLinearConv")
def quantized_conv(node, x, x_scale, x_zero, w, w_scale, w_zero, y_scale, y_zero, bias=None):
    exact = convolve(node, _centred(node, x, x_zero), _centred(node, w, w_zero, 0))
    if bias is not None:
        bias = node.cast(bias, "float64")
        exact = node.add(exact, node.reshape(bias, (1, w.shape[0], *[1] * (x.rank - 2))))
    scales = _number(node, w_scale)
    if scales.rank == 1:
        scales = node.reshape(scales, (1, w.shape[0], *[1] * (x.rank - 2)))
    factor = node.div(node.mul(_number(node, x_scale), scales), _number(node, y_scale))
    return _requantized(node, exact, factor, y_zero)


@translates("ConvInteger")
def integer_conv(node, x, w, x_zero=None, w_zero=None):
    exact = convolve(node, _centred(node, x, x_zero), _centred(node, w, w_zero, 0))
    return node.cast(exact, "int32")


@translates("DynamicQuantizeLinear")
def dynamic_quantize(node, x):
    axes, zero = list(range(x.rank)), node.const(0.0)
    low = node.binary("minimum", node.reduce("min", x, axes, False), zero)
    high = node.binary("maximum", node.reduce("max", x, axes, False), zero)
    scale = node.scale(node.sub(high, low), 1 / 255)
    point = node.pointwise("_npi_around", node.div(node.pointwise("negative", low), scale))
    point = node.pointwise("clip", point, a_min=0.0, a_max=255.0)
    rounded = node.add(node.pointwise("_npi_around", node.div(x, scale)), point)
    limited = node.pointwise("clip", rounded, a_min=0.0, a_max=255.0)
    as_byte = [node.cast(node.cast(value, "int32"), "uint8") for value in (limited, point)]
    return as_byte[0], scale, as_byte[1]
