"""Functions of two arrays or numbers."""

import operator

import numpy as np

from .. import _core, error
from .._core import NDArray

__all__ = [
    "add",
    "subtract",
    "multiply",
    "divide",
    "true_divide",
    "modulo",
    "power",
    "maximum",
    "minimum",
    "equal",
    "not_equal",
    "greater",
    "greater_equal",
    "lesser",
    "lesser_equal",
    "logical_and",
    "logical_or",
    "logical_xor",
]

_NUMBERS = (float, int, np.generic)


def _check_operands(name, lhs, rhs):
    for operand in (lhs, rhs):
        if not isinstance(operand, (NDArray, *_NUMBERS, np.ndarray)):
            raise error.TypeError(
                f"{name}: an operand is of type {type(operand).__name__}; expected an NDArray or a "
                "number"
            )


def _from_operator(name, python_operator, doc):
    """A function that is a Python operator."""

    def function(lhs, rhs):
        _check_operands(name, lhs, rhs)
        return python_operator(lhs, rhs)

    return _named(function, name, doc)


def _from_ops(name, python_function, doc, ops):
    """A function for which Python has no operator.

    `ops` are the operators for two arrays, for an array and a number, for a number and an array.
    """
    broadcast, scalar, reflected = (_core.op_function(op, op, __name__) for op in ops)

    def function(lhs, rhs):
        _check_operands(name, lhs, rhs)
        if isinstance(lhs, _NUMBERS):
            if isinstance(rhs, _NUMBERS):
                return python_function(lhs, rhs)
            return reflected(rhs, scalar=float(lhs))
        return scalar(lhs, scalar=float(rhs)) if isinstance(rhs, _NUMBERS) else broadcast(lhs, rhs)

    return _named(function, name, doc)


def _named(function, name, doc):
    function.__name__ = function.__qualname__ = name
    function.__doc__ = (
        doc
        + """ Shapes are broadcast.

    Args:
        lhs (NDArray or number): Left operand.
        rhs (NDArray or number): Right operand.

    Returns:
        NDArray or number: An array unless both operands are numbers.
    """
    )
    return function


def _number(function):
    """The same for numbers, with the result 1 or 0 instead of a bool."""
    return lambda lhs, rhs: int(function(lhs, rhs))


add = _from_operator("add", operator.add, "Sum of the elements.")
subtract = _from_operator("subtract", operator.sub, "Difference of the elements.")
multiply = _from_operator("multiply", operator.mul, "Product of the elements.")
divide = _from_operator("divide", operator.truediv, "Quotient of the elements.")
true_divide = _from_operator("true_divide", operator.truediv, "Quotient of the elements.")
modulo = _from_operator("modulo", operator.mod, "Remainder of the division of the elements.")
maximum = _from_ops(
    "maximum",
    lambda a, b: a if a > b else b,
    "The larger of the elements.",
    ("broadcast_maximum", "_maximum_scalar", "_maximum_scalar"),
)
minimum = _from_ops(
    "minimum",
    lambda a, b: a if a < b else b,
    "The smaller of the elements.",
    ("broadcast_minimum", "_minimum_scalar", "_minimum_scalar"),
)
equal = _from_operator("equal", operator.eq, "1 where the elements are equal, else 0.")
not_equal = _from_operator("not_equal", operator.ne, "1 where the elements differ, else 0.")
greater = _from_operator("greater", operator.gt, "1 where the left element is larger, else 0.")
greater_equal = _from_operator(
    "greater_equal", operator.ge, "1 where the left element is larger or equal, else 0."
)
lesser = _from_operator("lesser", operator.lt, "1 where the left element is smaller, else 0.")
lesser_equal = _from_operator(
    "lesser_equal", operator.le, "1 where the left element is smaller or equal, else 0."
)
logical_and = _from_ops(
    "logical_and",
    _number(lambda a, b: bool(a) and bool(b)),
    "1 where both elements are nonzero, else 0.",
    ("broadcast_logical_and", "_logical_and_scalar", "_logical_and_scalar"),
)
logical_or = _from_ops(
    "logical_or",
    _number(lambda a, b: bool(a) or bool(b)),
    "1 where one of the elements is nonzero, else 0.",
    ("broadcast_logical_or", "_logical_or_scalar", "_logical_or_scalar"),
)
logical_xor = _from_ops(
    "logical_xor",
    _number(lambda a, b: bool(a) != bool(b)),
    "1 where exactly one of the elements is nonzero, else 0.",
    ("broadcast_logical_xor", "_logical_xor_scalar", "_logical_xor_scalar"),
)


def power(base, exp):
    """The elements of `base` to the power of those of `exp`. Shapes are broadcast.

    Args:
        base (NDArray or number): What is multiplied.
        exp (NDArray or number): How often.

    Returns:
        NDArray or number: An array unless both operands are numbers.
    """
    return base**exp
