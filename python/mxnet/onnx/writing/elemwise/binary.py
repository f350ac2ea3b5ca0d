"""Functions of two arrays, or of an array and a number."""

import math

import numpy as np

from ..registry import translates

_BOOL = np.dtype(bool)


def _operands(node, g, dtype, swapped=False):
    """Both arguments in one dtype; the second one is a parameter in operators of a number."""
    if len(node.inputs) == 2:
        return [node.input_as(i, dtype) for i in range(2)]
    found = [node.input_as(0, dtype), g.number(node.attrs.scalar, dtype)]
    return found[::-1] if swapped else found


def _common(node):
    """The dtype in which two arrays are compared."""
    if len(node.inputs) == 2:
        return np.result_type(node.dtype(0), node.dtype(1))
    whole = float(node.attrs.scalar).is_integer()
    return node.dtype(0) if whole or node.dtype(0).kind == "f" else np.dtype("float64")


def arithmetic(*ops, swapped=(), opset=13):
    """Registers a function of two values and the dtype of both and of the result."""

    def register(formula):
        for names, swap in ((ops, False), (swapped, True)):

            def function(node, g, swap=swap):
                dtype = node.out_dtype()
                return formula(g, *_operands(node, g, dtype, swap), dtype)

            if names:
                translates(*names, opset=opset)(function)
        return formula

    return register


def condition(*ops):
    """Registers a function of two values whose result is true or false."""

    def register(formula):
        def function(node, g):
            found = formula(g, *_operands(node, g, _common(node)))
            return g.cast(found, node.out_dtype())

        translates(*ops)(function)
        return formula

    return register


@arithmetic(
    "elemwise_add",
    "broadcast_add",
    "_plus_scalar",
    "_npi_add",
    "_npi_add_scalar",
    "_grad_add",
    "_scatter_plus_scalar",
)
def add(g, a, b, dtype):
    return g.Add(a, b)


@arithmetic(
    "elemwise_sub",
    "broadcast_sub",
    "_minus_scalar",
    "_npi_subtract",
    "_npi_subtract_scalar",
    "_scatter_minus_scalar",
    swapped=("_rminus_scalar", "_npi_rsubtract_scalar"),
)
def subtract(g, a, b, dtype):
    return g.Sub(a, b)


@arithmetic("elemwise_mul", "broadcast_mul", "_mul_scalar", "_npi_multiply", "_npi_multiply_scalar")
def multiply(g, a, b, dtype):
    return g.Mul(a, b)


@arithmetic(
    "elemwise_div",
    "broadcast_div",
    "_div_scalar",
    "_npi_true_divide",
    "_npi_true_divide_scalar",
    "_scatter_elemwise_div",
    swapped=("_rdiv_scalar", "_npi_rtrue_divide_scalar"),
)
def divide(g, a, b, dtype):
    return g.Div(a, b)


@arithmetic(
    "_power",
    "broadcast_power",
    "_power_scalar",
    "_npi_power",
    "_npi_power_scalar",
    swapped=("_rpower_scalar", "_npi_rpower_scalar"),
)
def power(g, a, b, dtype):
    return g.Pow(a, b)


@arithmetic(
    "_mod",
    "broadcast_mod",
    "_mod_scalar",
    "_npi_mod",
    "_npi_mod_scalar",
    swapped=("_rmod_scalar", "_npi_rmod_scalar"),
)
def modulo(g, a, b, dtype):
    """Remainder with the sign of b; 0 where b is 0."""
    zero = g.number(0, dtype)
    by_zero = g.Equal(b, zero)
    safe = g.Where(by_zero, g.number(1, dtype), b)
    rest = g.Mod(a, safe, fmod=1)
    other_sign = g.Xor(g.Less(rest, zero), g.Less(b, zero))
    moved = g.And(other_sign, g.Not(g.Equal(rest, zero)))
    return g.Where(by_zero, zero, g.Where(moved, g.Add(rest, b), rest))


@arithmetic("_maximum", "broadcast_maximum", "_maximum_scalar")
def maximum(g, a, b, dtype):
    return g.Max(a, b)


@arithmetic("_minimum", "broadcast_minimum", "_minimum_scalar")
def minimum(g, a, b, dtype):
    return g.Min(a, b)


@arithmetic("_hypot", "broadcast_hypot", "_hypot_scalar", "_npi_hypot")
def hypot(g, a, b, dtype):
    return g.Sqrt(g.Add(g.Mul(a, a), g.Mul(b, b)))


@arithmetic("_npi_ldexp", "_npi_ldexp_scalar", swapped=("_npi_rldexp_scalar",))
def ldexp(g, a, b, dtype):
    return g.Mul(a, g.Pow(g.number(2, dtype), b))


@arithmetic("_npi_copysign", "_npi_copysign_scalar", swapped=("_npi_rcopysign_scalar",))
def copysign(g, a, b, dtype):
    """The reciprocal tells the sign of zeros."""
    negative = g.Less(
        g.Where(g.Equal(b, g.number(0, dtype)), g.Reciprocal(b), b), g.number(0, dtype)
    )
    size = g.Abs(a)
    return g.Where(negative, g.Neg(size), size)


@arithmetic("_npi_arctan2", "_npi_arctan2_scalar", swapped=("_npi_rarctan2_scalar",))
def arctan2(g, y, x, dtype):
    """atan of y / x, moved by half a turn on the left side."""
    zero = g.number(0, dtype)
    half = g.Where(g.Less(y, zero), g.number(-math.pi, dtype), g.number(math.pi, dtype))
    upright = g.Mul(g.Sign(y), g.number(math.pi / 2, dtype))
    slope = g.Atan(g.Div(y, x))
    found = g.Where(g.Less(x, zero), g.Add(slope, half), slope)
    return g.Where(g.Equal(x, zero), upright, found)


@arithmetic("_npi_bitwise_and", "_npi_bitwise_and_scalar", opset=18)
def bitwise_and(g, a, b, dtype):
    return g.And(a, b) if dtype == _BOOL else g.BitwiseAnd(a, b)


@arithmetic("_npi_bitwise_or", "_npi_bitwise_or_scalar", opset=18)
def bitwise_or(g, a, b, dtype):
    return g.Or(a, b) if dtype == _BOOL else g.BitwiseOr(a, b)


@arithmetic("_npi_bitwise_xor", "_npi_bitwise_xor_scalar", opset=18)
def bitwise_xor(g, a, b, dtype):
    return g.Xor(a, b) if dtype == _BOOL else g.BitwiseXor(a, b)


@translates("_npi_bitwise_not", opset=18, kind="one")
def bitwise_not(node, g):
    kind = node.out_dtype()
    return g.Not(node.inputs[0]) if kind == _BOOL else g.BitwiseNot(node.inputs[0])


@condition("_equal", "broadcast_equal", "_equal_scalar", "_npi_equal", "_npi_equal_scalar")
def equal(g, a, b):
    return g.Equal(a, b)


@condition(
    "_not_equal",
    "broadcast_not_equal",
    "_not_equal_scalar",
    "_npi_not_equal",
    "_npi_not_equal_scalar",
)
def not_equal(g, a, b):
    return g.Not(g.Equal(a, b))


@condition("_lesser", "broadcast_lesser", "_lesser_scalar", "_npi_less", "_npi_less_scalar")
def less(g, a, b):
    return g.Less(a, b)


@condition(
    "_lesser_equal",
    "broadcast_lesser_equal",
    "_lesser_equal_scalar",
    "_npi_less_equal",
    "_npi_less_equal_scalar",
)
def less_equal(g, a, b):
    return g.LessOrEqual(a, b)


@condition(
    "_greater", "broadcast_greater", "_greater_scalar", "_npi_greater", "_npi_greater_scalar"
)
def greater(g, a, b):
    return g.Greater(a, b)


@condition(
    "_greater_equal",
    "broadcast_greater_equal",
    "_greater_equal_scalar",
    "_npi_greater_equal",
    "_npi_greater_equal_scalar",
)
def greater_equal(g, a, b):
    return g.GreaterOrEqual(a, b)


@condition("_logical_and", "broadcast_logical_and", "_logical_and_scalar")
def logical_and(g, a, b):
    return g.And(g.cast(a, bool), g.cast(b, bool))


@condition("_logical_or", "broadcast_logical_or", "_logical_or_scalar")
def logical_or(g, a, b):
    return g.Or(g.cast(a, bool), g.cast(b, bool))


@condition("_logical_xor", "broadcast_logical_xor", "_logical_xor_scalar")
def logical_xor(g, a, b):
    return g.Xor(g.cast(a, bool), g.cast(b, bool))


@translates("logical_not", "_npi_logical_not")
def logical_not(node, g):
    return g.cast(g.Not(g.cast(node.inputs[0], bool)), node.out_dtype())


@translates("add_n", kind="one")
def add_n(node, g):
    return g.Sum(*node.inputs)


@translates("where")
def where(node, g):
    """A condition with one axis chooses whole slices along axis 0."""
    chosen = g.cast(node.inputs[0], bool)
    if node.rank(0) < node.rank(1):
        chosen = g.unsqueeze(chosen, *range(1, node.rank(1)))
    return g.Where(chosen, node.inputs[1], node.inputs[2])


@translates("_contrib_allclose")
def allclose(node, g):
    dtype = np.result_type(node.dtype(), np.float32)
    a, b = (node.input_as(i, dtype) for i in range(2))
    bound = g.Mul(g.Abs(b), g.number(node.attrs.rtol, dtype))
    bound = g.Add(bound, g.number(node.attrs.atol, dtype))
    close = g.Or(g.LessOrEqual(g.Abs(g.Sub(a, b)), bound), g.Equal(a, b))
    finite = g.Not(g.Or(g.IsInf(a), g.IsInf(b)))
    close = g.And(close, g.Or(finite, g.Equal(a, b)))
    if node.attrs.equal_nan:
        close = g.Or(close, g.And(g.IsNaN(a), g.IsNaN(b)))
    flat = g.Reshape(g.cast(close, node.out_dtype()), g.ints(-1))
    return g.reduce("ReduceMin", flat, [0])
