"""Functions of elements: universal functions, as NumPy calls them."""

import numpy as onp

from .. import error
from .._core import NDArray
from .._numpy_mode import wrap_np_binary_func, wrap_np_unary_func
from ._arguments import ARRAYS, NUMBERS, WHOLE_NUMBERS, check_array, write_number
from ._indexing_functions import nonzero
from ._ops import operator

_UNARY = {
    "abs": "Absolute value of each element.",
    "absolute": "Absolute value of each element.",
    "arccos": "Angle in [0, pi] whose cosine each element is.",
    "arccosh": "Inverse hyperbolic cosine of each element.",
    "arcsin": "Angle in [-pi/2, pi/2] whose sine each element is.",
    "arcsinh": "Inverse hyperbolic sine of each element.",
    "arctan": "Angle in [-pi/2, pi/2] whose tangent each element is.",
    "arctanh": "Inverse hyperbolic tangent of each element.",
    "bitwise_not": "Each element with all bits, or its truth, turned over.",
    "cbrt": "Cube root of each element.",
    "ceil": "The smallest whole number that is not below each element.",
    "cos": "Cosine of each element.",
    "cosh": "Hyperbolic cosine of each element.",
    "deg2rad": "Angles in degrees as radians.",
    "degrees": "Angles in radians as degrees.",
    "exp": "e to the power of each element.",
    "expm1": "exp(x) - 1, exact for small x.",
    "fabs": "Absolute value of each element.",
    "fix": "Each element rounded towards 0.",
    "floor": "The largest whole number that is not above each element.",
    "invert": "Each element with all bits, or its truth, turned over.",
    "isfinite": "Whether each element is neither infinite nor NaN.",
    "isinf": "Whether each element is infinite.",
    "isnan": "Whether each element is NaN.",
    "isneginf": "Whether each element is -infinity.",
    "isposinf": "Whether each element is +infinity.",
    "log": "Natural logarithm of each element.",
    "log10": "Logarithm to the base 10 of each element.",
    "log1p": "log(1 + x), exact for small x.",
    "log2": "Logarithm to the base 2 of each element.",
    "logical_not": "Whether each element is zero.",
    "negative": "-x for each element.",
    "rad2deg": "Angles in radians as degrees.",
    "radians": "Angles in degrees as radians.",
    "reciprocal": "1 / x for each element.",
    "rint": "Each element rounded to the nearest whole number, halves to even ones.",
    "sign": "-1, 0 or 1 by the sign of each element.",
    "sin": "Sine of each element.",
    "sinh": "Hyperbolic sine of each element.",
    "sqrt": "Square root of each element.",
    "square": "x * x for each element.",
    "tan": "Tangent of each element.",
    "tanh": "Hyperbolic tangent of each element.",
    "trunc": "Each element rounded towards 0.",
}
# Functions that share the operator of another one.
_SAME_OPERATOR = {
    "deg2rad": "radians",
    "fabs": "abs",
    "invert": "bitwise_not",
    "rad2deg": "degrees",
    "divide": "true_divide",
    "remainder": "mod",
}
# Function, its documentation, and the operators of an array and a number and of a number and an
# array where these are not called as the function is.
_BINARY = {
    "add": ("x1 + x2.", "add_scalar"),
    "arctan2": ("Angle of the point (x2, x1), in [-pi, pi].", "rarctan2_scalar"),
    "bitwise_and": ("Bits, or truth, in both elements.", "bitwise_and_scalar"),
    "bitwise_or": ("Bits, or truth, in one of the elements.", "bitwise_or_scalar"),
    "bitwise_xor": ("Bits, or truth, in exactly one of the elements.", "bitwise_xor_scalar"),
    "copysign": ("Magnitude of x1 with the sign of x2.", "rcopysign_scalar"),
    "divide": ("x1 / x2, float32 for integers.", "rtrue_divide_scalar"),
    "equal": ("Whether x1 == x2.", "equal_scalar"),
    "greater": ("Whether x1 > x2.", "less_scalar"),
    "greater_equal": ("Whether x1 >= x2.", "less_equal_scalar"),
    "hypot": ("sqrt(x1 * x1 + x2 * x2).", "hypot_scalar"),
    "lcm": ("The least common multiple of integers.", "lcm_scalar"),
    "ldexp": ("x1 * 2**x2.", "rldexp_scalar"),
    "less": ("Whether x1 < x2.", "greater_scalar"),
    "less_equal": ("Whether x1 <= x2.", "greater_equal_scalar"),
    "maximum": ("The larger one of two elements, NaN where one is.", "maximum_scalar"),
    "minimum": ("The smaller one of two elements, NaN where one is.", "minimum_scalar"),
    "mod": ("Remainder of x1 / x2, with the sign of x2.", "rmod_scalar"),
    "multiply": ("x1 * x2.", "multiply_scalar"),
    "not_equal": ("Whether x1 != x2.", "not_equal_scalar"),
    "power": ("x1 to the power x2.", "rpower_scalar"),
    "remainder": ("Remainder of x1 / x2, with the sign of x2.", "rmod_scalar"),
    "subtract": ("x1 - x2.", "rsubtract_scalar"),
    "true_divide": ("x1 / x2, float32 for integers.", "rtrue_divide_scalar"),
}
# These take no options of NumPy's universal functions.
_WITHOUT_OPTIONS = {
    "equal",
    "greater",
    "greater_equal",
    "less",
    "less_equal",
    "not_equal",
    "true_divide",
}

_UNARY_DOC = """{text}

Args:
    x (ndarray, symbol or number): The elements.
    out (ndarray): Where to write the result; its shape and dtype are those of the result.
    **kwargs: Further arguments of NumPy's function, with values that change nothing.

Returns:
    An array of x's shape; for a number what NumPy gives.
"""
_BINARY_DOC = """{text}

Args:
    x1, x2 (ndarray, symbol or number): The elements, broadcast to a common shape.
    out (ndarray): Where to write the result; its shape and dtype are those of the result.
    **kwargs: Further arguments of NumPy's function, with values that change nothing.

Returns:
    An array of the common shape; for two numbers what NumPy gives.
"""


def _refuse(function, **arguments):
    """Raise the error of an operand that is neither an array nor a number."""
    for name, value in arguments.items():
        if not isinstance(value, (*ARRAYS, *NUMBERS)):
            raise error.TypeError(
                f"{function}: {name}={value!r} is of type {type(value).__name__}; expected an "
                "array of mx.np or a number"
            )


def _named(function, name, doc):
    function.__name__ = function.__qualname__ = name
    function.__module__ = "mxnet.numpy"
    function.__doc__ = doc
    return function


def _unary(name, text):
    """A function of one operand: of an array or a symbol by an operator, of a number by NumPy."""
    apply = operator(f"_npi_{_SAME_OPERATOR.get(name, name)}")
    of_number = getattr(onp, "abs" if name == "fabs" else name)  # keeps integers, as in 1.9.1

    def function(x, out=None):
        if isinstance(x, ARRAYS):
            return apply(x, out=out)
        _refuse(name, x=x)
        return write_number(of_number(x), out)

    return wrap_np_unary_func(_named(function, name, _UNARY_DOC.format(text=text)))


def _binary(name, text, reflected):
    """A function of two operands.

    Args:
        name (str): Its name.
        text (str): What it computes.
        reflected (str): The operator of a number and an array, which takes the array first.
    """
    base = f"_npi_{_SAME_OPERATOR.get(name, name)}"
    arrays, scalar = operator(base), operator(f"{base}_scalar")
    reflected = operator(f"_npi_{reflected}")
    of_numbers = getattr(onp, name)

    def function(x1, x2, out=None):
        if isinstance(x1, ARRAYS):
            if isinstance(x2, ARRAYS):
                return arrays(x1, x2, out=out)
            if isinstance(x2, NUMBERS):
                return scalar(x1, scalar=float(x2), is_int=isinstance(x2, WHOLE_NUMBERS), out=out)
        elif isinstance(x2, ARRAYS) and isinstance(x1, NUMBERS):
            return reflected(x2, scalar=float(x1), is_int=isinstance(x1, WHOLE_NUMBERS), out=out)
        _refuse(name, x1=x1, x2=x2)
        return write_number(of_numbers(x1, x2), out)

    function = _named(function, name, _BINARY_DOC.format(text=text))
    return function if name in _WITHOUT_OPTIONS else wrap_np_binary_func(function)


_around, _nan_to_num, _clip = map(operator, ("_npi_around", "_npi_nan_to_num", "_npi_clip"))
_where, _where_number_first, _where_number_second, _where_numbers = map(
    operator, ("_npi_where", "_npi_where_lscalar", "_npi_where_rscalar", "_npi_where_scalar2")
)


def around(x, decimals=0, out=None, **kwargs):
    """Each element rounded to a number of decimals, halves to even digits.

    Args:
        x (ndarray, symbol or number): The elements.
        decimals (int): How many; negative numbers round to tens, hundreds and so on.
        out (ndarray): Where to write the result.

    Returns:
        An array of x's shape and dtype.
    """
    if isinstance(x, ARRAYS):
        return _around(x, decimals=decimals, out=out, **kwargs)
    _refuse("around", x=x)
    return write_number(onp.around(x, decimals=decimals, **kwargs), out)


def round(x, decimals=0, out=None, **kwargs):
    """`around` by another name."""
    return around(x, decimals, out, **kwargs)


def round_(x, decimals=0, out=None, **kwargs):
    """`around` by another name."""
    return around(x, decimals, out, **kwargs)


def clip(a, a_min, a_max, out=None):
    """Each element, or the limit that it is beyond.

    Args:
        a (ndarray, symbol or number): The elements.
        a_min (number): The lower limit; None for no such limit.
        a_max (number): The upper limit; None for no such limit.
        out (ndarray): Where to write the result.

    Raises:
        ValueError: There is no limit.
    """
    if a_min is None and a_max is None:
        raise error.ValueError("clip: a_min=None and a_max=None limit nothing; expected a number")
    if isinstance(a, NUMBERS):
        return write_number(onp.clip(a, a_min, a_max), out)
    check_array("clip", a=a)
    lowest = -onp.inf if a_min is None else a_min
    highest = onp.inf if a_max is None else a_max
    return _clip(a, a_min=lowest, a_max=highest, out=out)


def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    """Each element, or a number in place of NaN and infinities.

    Args:
        x (ndarray, symbol or number): The elements.
        copy (bool): Whether x stays as it is; otherwise the result is written over it.
        nan (number): Stands in for NaN.
        posinf (number): Stands in for infinity; the largest number of the dtype when None.
        neginf (number): Stands in for -infinity; the smallest number of the dtype when None.
    """
    if isinstance(x, ARRAYS):
        out = None if copy else x
        return _nan_to_num(x, copy=copy, nan=nan, posinf=posinf, neginf=neginf, out=out)
    _refuse("nan_to_num", x=x)
    return onp.nan_to_num(x, copy, nan, posinf, neginf)


def where(condition, x=None, y=None):
    """Elements of `x` where a condition holds and of `y` elsewhere; or where it holds.

    Args:
        condition (ndarray, symbol or number): What is true where it is not zero.
        x (ndarray, symbol or number): Elements, broadcast with the other arguments.
        y (ndarray, symbol or number): Elements, of x's dtype.

    Returns:
        The elements; without `x` and `y` a tuple of int64 arrays, one for each axis, which hold
        the places of what is true.

    Raises:
        TypeError: Exactly one of `x` and `y` is given, or an argument has no elements.
    """
    if isinstance(condition, NUMBERS):
        return y if condition == 0 else x
    check_array("where", condition=condition)
    if x is None and y is None and isinstance(condition, NDArray):
        return nonzero(condition)
    _refuse("where", x=x, y=y)
    if isinstance(x, ARRAYS):
        if isinstance(y, ARRAYS):
            return _where(condition, x, y)
        return _where_number_second(condition, x, scalar=float(y))
    if isinstance(y, ARRAYS):
        return _where_number_first(condition, y, scalar=float(x))
    return _where_numbers(condition, x=float(x), y=float(y))


_FUNCTIONS = {
    **{name: _unary(name, text) for name, text in _UNARY.items()},
    **{name: _binary(name, *rest) for name, rest in _BINARY.items()},
}
globals().update(_FUNCTIONS)
__all__ = [*_FUNCTIONS, "around", "clip", "nan_to_num", "round", "round_", "where"]
