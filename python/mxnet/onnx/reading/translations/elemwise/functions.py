"""Functions of one element."""

import math

import numpy as np

from ...dtypes import is_float, is_integer, numpy_dtype
from ...registry import translates

# ONNX operators that are one of ours, at every element.
_SAME = {
    "Abs": "abs",
    "Acos": "arccos",
    "Acosh": "arccosh",
    "Asin": "arcsin",
    "Asinh": "arcsinh",
    "Atan": "arctan",
    "Atanh": "arctanh",
    "Ceil": "ceil",
    "Cos": "cos",
    "Cosh": "cosh",
    "Exp": "exp",
    "Floor": "floor",
    "Log": "log",
    "Neg": "negative",
    "Reciprocal": "reciprocal",
    "Relu": "relu",
    "Round": "_npi_around",
    "Sigmoid": "sigmoid",
    "Sign": "sign",
    "Sin": "sin",
    "Sinh": "sinh",
    "Softsign": "softsign",
    "Sqrt": "sqrt",
    "Tan": "tan",
    "Tanh": "tanh",
}


def _register(operator, name):
    @translates(operator)
    def translation(node, x):
        return node.pointwise(name, x)


for _operator, _name in _SAME.items():
    _register(_operator, _name)


@translates("Erf")
def erf(node, x):
    result = node.pointwise("erf", x)
    node.reader.builder.gelu.erf(x, result)
    return result


@translates("Identity")
def identity(node, x):
    return x


@translates("IsNaN")
def is_nan(node, x):
    return node.pointwise("_npi_isnan", x, "bool")


@translates("IsInf")
def is_inf(node, x):
    positive, negative = node.attr("detect_positive", 1), node.attr("detect_negative", 1)
    if positive and negative:
        return node.pointwise("_npi_isinf", x, "bool")
    if not positive and not negative:
        return node.binary("not_equal", node.scale(x, 0.0), node.scale(x, 0.0))
    return node.pointwise("_npi_isposinf" if positive else "_npi_isneginf", x, "bool")


@translates("Elu")
def elu(node, x):
    return node.pointwise("LeakyReLU", x, act_type="elu", slope=node.attr("alpha", 1.0))


@translates("Selu")
def selu(node, x):
    alpha = node.attr("alpha", 1.6732632423543772)
    gamma = node.attr("gamma", 1.0507009873554805)
    return node.scale(node.pointwise("LeakyReLU", x, act_type="elu", slope=alpha), gamma)


@translates("Celu")
def celu(node, x):
    alpha = node.attr("alpha", 1.0)
    scaled = node.scale(x, 1 / alpha)
    return node.scale(node.pointwise("LeakyReLU", scaled, act_type="elu", slope=1.0), alpha)


@translates("LeakyRelu")
def leaky_relu(node, x):
    return node.pointwise("LeakyReLU", x, act_type="leaky", slope=node.attr("alpha", 0.01))


@translates("ThresholdedRelu")
def thresholded_relu(node, x):
    threshold = node.const(node.attr("alpha", 1.0), x.dtype)
    above = node.cast(node.binary("greater", x, threshold), x.dtype)
    return node.mul(x, above)


@translates("PRelu")
def prelu(node, x, slope):
    if slope.is_constant and is_float(x.dtype) and x.rank > 1:
        count, channels = slope.array().size, x.shape[1]
        # One number for each channel, or for all.
        place = slope.rank - x.rank + 1
        if count == 1 or (0 <= place < slope.rank and slope.shape[place] == count == channels):
            gamma = node.reshape(slope, (count,))
            return node.op("LeakyReLU", x, gamma, act_type="prelu").like(x.shape, x.dtype)
    zero = node.const(0, x.dtype)
    return node.add(
        node.binary("maximum", x, zero), node.mul(node.binary("minimum", x, zero), slope)
    )


@translates("HardSigmoid")
def hard_sigmoid(node, x):
    return node.pointwise(
        "hard_sigmoid", x, alpha=node.attr("alpha", 0.2), beta=node.attr("beta", 0.5)
    )


@translates("HardSwish")
def hard_swish(node, x):
    return node.mul(x, node.pointwise("hard_sigmoid", x, alpha=1 / 6, beta=0.5))


@translates("Softplus")
def softplus(node, x):
    return node.pointwise("Activation", x, act_type="softrelu")


@translates("Mish")
def mish(node, x):
    return node.mul(x, node.pointwise("tanh", softplus(node, x)))


@translates("Swish")
def swish(node, x):
    return node.mul(x, node.pointwise("sigmoid", node.scale(x, node.attr("alpha", 1.0))))


@translates("Gelu")
def gelu(node, x):
    if node.attr("approximate", "none") == "none":
        return node.gelu(x)
    cubic = node.scale(node.mul(node.mul(x, x), x), 0.044715)
    inner = node.scale(node.add(x, cubic), math.sqrt(2 / math.pi))
    return node.scale(node.mul(x, node.scale(node.pointwise("tanh", inner), shift=1.0)), 0.5)


@translates("Shrink")
def shrink(node, x):
    bias, limit = node.attr("bias", 0.0), node.attr("lambd", 0.5)
    below = node.cast(node.binary("less", x, node.const(-limit, x.dtype)), x.dtype)
    above = node.cast(node.binary("greater", x, node.const(limit, x.dtype)), x.dtype)
    low = node.mul(node.add(x, node.const(bias, x.dtype)), below)
    return node.add(low, node.mul(node.sub(x, node.const(bias, x.dtype)), above))


@translates("Clip", until=10)
def clip_to_attributes(node, x):
    low, high = node.attr("min", -math.inf), node.attr("max", math.inf)
    return node.pointwise("clip", x, a_min=low, a_max=high)


@translates("Clip", since=11)
def clip(node, x, low=None, high=None):
    ends = [end for end in (low, high) if end is not None]
    if ends and is_float(x.dtype) and all(end.is_constant for end in ends):
        numbers = [
            node.need(end, name).reshape(-1)[0].item() if end is not None else missing
            for end, name, missing in ((low, "min", -math.inf), (high, "max", math.inf))
        ]
        if numbers[0] <= numbers[1]:
            return node.pointwise("clip", x, a_min=numbers[0], a_max=numbers[1])
    result = x if low is None else node.binary("maximum", x, low)
    result = result if high is None else node.binary("minimum", result, high)
    if len(ends) == 2 and result.symbol is not None and all(end.is_constant for end in ends):
        limits = (end.array().reshape(-1)[0].item() for end in ends)
        node.reader.builder.clipped[result.symbol.name] = (x, *limits)
    return result


@translates("BitwiseNot")
def bitwise_not(node, x):
    return node.pointwise("_npi_bitwise_not", x)


@translates("Not")
def logical_not(node, x):
    return node.logical_not(x)


@translates("BitShift")
def bit_shift(node, x, count):
    if not is_integer(x.dtype):
        raise node.refuse("X", x.dtype, "whole numbers")
    bits = 8 * numpy_dtype(x.dtype).itemsize
    count = node.cast(count, "int64")
    # More bits than there are, and negative numbers, shift everything out.
    inside = node.binary("bit_and", *_between(node, count, 0, bits - 1))
    places = node.where(inside, count, node.const(0, "int64"))
    table = node.const(np.left_shift(np.int64(1), np.arange(min(bits, 64))), "int64")
    factor = node.cast(node.take(table, places), x.dtype)
    if node.attr("direction") == "LEFT":
        return node.where(inside, node.mul(x, factor), node.const(0, x.dtype))
    rest = node.sub(x, node.binary("mod", x, factor))
    negative = node.cast(node.binary("less", x, node.const(0, x.dtype)), x.dtype)
    out = node.pointwise("negative", negative)
    return node.where(inside, node.div(rest, factor), out)


def _between(node, x, low, high):
    least, most = node.const(low, x.dtype), node.const(high, x.dtype)
    return node.binary("greater_equal", x, least), node.binary("less_equal", x, most)
