"""Operators of two and more tensors, element by element."""

import math

from ...dtypes import computed_in, is_float, is_integer
from ...registry import translates

_BINARY = {
    "Sub": "sub",
    "Mul": "mul",
    "Div": "div",
    "And": "bit_and",
    "Or": "bit_or",
    "Xor": "bit_xor",
    "BitwiseAnd": "bit_and",
    "BitwiseOr": "bit_or",
    "BitwiseXor": "bit_xor",
    "Equal": "equal",
    "Less": "less",
    "Greater": "greater",
    "LessOrEqual": "less_equal",
    "GreaterOrEqual": "greater_equal",
}


def _register(operator, kind):
    @translates(operator)
    def translation(node, a, b):
        return node.binary(kind, a, b)


for _operator, _kind in _BINARY.items():
    _register(_operator, _kind)


def _register_variadic(operator, kind):
    @translates(operator)
    def translation(node, first, *others):
        for other in others:
            first = node.binary(kind, first, other)
        return first


for _operator, _kind in {"Max": "maximum", "Min": "minimum", "Sum": "add"}.items():
    _register_variadic(_operator, _kind)


@translates("Mean")
def mean(node, first, *others):
    total = first
    for other in others:
        total = node.add(total, other)
    return node.scale(total, 1 / (1 + len(others)))


@translates("Pow")
def power(node, base, exponent):
    dtype = base.dtype
    if computed_in(dtype) != computed_in(exponent.dtype):
        common = "float64" if is_integer(dtype) or is_integer(exponent.dtype) else dtype
        if is_float(dtype) and is_integer(exponent.dtype):
            common = dtype
        base, exponent = node.cast(base, common), node.cast(exponent, common)
    return node.cast(node.binary("power", base, exponent), dtype)


@translates("Mod")
def modulo(node, a, b):
    if not node.attr("fmod", 0):
        rest = node.binary("mod", a, b)
        if not is_float(a.dtype) or (b.is_constant and b.array().all()):
            return rest
        # Nothing can be divided by 0; the operator gives 0.
        zero = node.binary("equal", b, node.const(0, b.dtype))
        return node.where(zero, node.const(math.nan, a.dtype), rest)
    # The remainder of a division towards zero has the sign of what is divided.
    size = node.binary("mod", node.pointwise("abs", a), node.pointwise("abs", b))
    return node.mul(node.pointwise("sign", a), size)


@translates("Where")
def where(node, condition, a, b):
    return node.where(condition, a, b)
