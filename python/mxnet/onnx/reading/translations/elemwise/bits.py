"""The bits of floats as whole numbers and the other way round, by arithmetic that is exact.

A float is 2^exponent times a number from 1 to below 2. Its bits are the sign, exponent + bias (0
for numbers below the smallest power) and the fraction. All NaN are one: they have the usual bits.
"""

import numpy as np

# Bits of the fraction, and bias of the exponent.
_FORMATS = {"float16": (10, 15), "float32": (23, 127), "float64": (52, 1023)}


def is_readable(dtype):
    """Whether the bits of floats of a dtype can be read and written."""
    return dtype in _FORMATS


def bits_of(node, x):
    """The bits of floats as int64, for those of 64 bits with the sign as that of the number.

    Args:
        node (Node): The node.
        x (Value): float16, float32 or float64.

    Returns:
        Value: int64 of the same shape.
    """
    fraction, bias = _FORMATS[x.dtype]
    wide = node.cast(x, "float64")
    finite = node.pointwise("_npi_isfinite", wide, "bool")
    size = node.where(finite, node.pointwise("abs", wide), node.const(0, "float64"))
    exponent = _exponent(node, size, bias)
    scaled = node.mul(node.div(size, _power(node, exponent)), node.const(2.0**fraction, "float64"))
    field = node.add(exponent, node.const(bias - 1, "int64"))
    bits = node.add(_shifted(node, field, fraction), node.cast(scaled, "int64"))
    infinite = (2 * bias + 1) << fraction
    missing = node.pointwise("_npi_isnan", wide, "bool")
    special = [node.const(infinite | extra, "int64") for extra in (1 << fraction - 1, 0)]
    bits = node.where(finite, bits, node.where(missing, *special))
    sign = node.pointwise("_npi_rcopysign_scalar", wide, scalar=1.0)
    negative = node.binary("less", sign, node.const(0, "float64"))
    return node.where(negative, node.add(bits, node.const(_sign_bit(x.dtype), "int64")), bits)


def floats_of(node, bits, dtype):
    """The floats with bits as `bits_of` gives them, or with the sign bit as a bit like others."""
    fraction, bias = _FORMATS[dtype]
    zero, sign_bit = node.const(0, "int64"), _sign_bit(dtype)
    if dtype == "float64":
        negative = node.binary("less", bits, zero)
    else:
        bits = node.binary("bit_and", bits, node.const(2 * sign_bit - 1, "int64"))
        negative = node.binary("greater_equal", bits, node.const(sign_bit, "int64"))
    bits = node.where(negative, node.sub(bits, node.const(sign_bit, "int64")), bits)
    field = node.div(bits, node.const(1 << fraction, "int64"))
    rest = node.sub(bits, _shifted(node, field, fraction))
    normal = node.binary("greater", field, zero)
    whole = node.where(normal, node.add(rest, node.const(1 << fraction, "int64")), rest)
    # Fields 0 and 1 have the same exponent.
    exponent = node.binary("maximum", field, node.const(1, "int64"))
    exponent = node.sub(exponent, node.const(bias, "int64"))
    exponent = node.binary("minimum", exponent, node.const(bias, "int64"))
    size = node.mul(
        node.mul(node.cast(whole, "float64"), node.const(2.0**-fraction, "float64")),
        _power(node, exponent),
    )
    special = [node.const(number, "float64") for number in (np.inf, np.nan)]
    special = node.where(node.binary("equal", rest, zero), *special)
    highest = node.binary("equal", field, node.const(2 * bias + 1, "int64"))
    size = node.where(highest, special, size)
    return node.cast(node.where(negative, node.pointwise("negative", size), size), dtype)


def _sign_bit(dtype):
    """What the sign adds to the bits."""
    return -(1 << 63) if dtype == "float64" else 1 << 8 * np.dtype(dtype).itemsize - 1


def _shifted(node, x, bits):
    return node.mul(x, node.const(1 << bits, "int64"))


def _power(node, exponent):
    """2 to the power of whole numbers from -1022 to 1023, exactly."""
    table = node.const(np.ldexp(1.0, np.arange(-1022, 1024)), "float64")
    return node.take(table, node.add(exponent, node.const(1022, "int64")))


def _exponent(node, size, bias):
    """Exponents of finite numbers of at least 0; the lowest one where there is none."""
    guess = node.pointwise("floor", node.pointwise("log2", size))
    guess = node.pointwise("clip", guess, a_min=float(1 - bias), a_max=float(bias))
    guess = node.cast(guess, "int64")
    # A logarithm may be off by one near a power of two.
    power = _power(node, guess)
    double = node.mul(power, node.const(2.0, "float64"))
    low = node.cast(node.binary("less", size, power), "int64")
    high = node.cast(node.binary("greater_equal", size, double), "int64")
    exponent = node.add(node.sub(guess, low), high)
    return node.binary("maximum", exponent, node.const(1 - bias, "int64"))
