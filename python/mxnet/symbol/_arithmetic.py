"""Functions of two symbols or numbers."""

import numpy as np

from .. import _core, error
from .._core import Symbol

__all__ = [
    "add",
    "subtract",
    "multiply",
    "divide",
    "true_divide",
    "modulo",
    "power",
    "pow",
    "maximum",
    "minimum",
    "hypot",
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


def _function(name, doc, ops, python_function=None):
    """A function of two operands.

    `ops` are the operators for two symbols, for a symbol and a number, for a number and a symbol.
    """
    symbols, scalar, reflected = (_core.symbol_function(op, op, __name__) for op in ops)

    def function(left, right):
        if isinstance(left, Symbol):
            if isinstance(right, Symbol):
                return symbols(left, right)
            if isinstance(right, _NUMBERS):
                return scalar(left, scalar=right)
        elif isinstance(right, Symbol) and isinstance(left, _NUMBERS):
            return reflected(right, scalar=left)
        elif isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS) and python_function:
            return python_function(left, right)
        wrong = right if isinstance(left, (Symbol,) + _NUMBERS) else left
        raise error.TypeError(
            f"{name}: type {type(wrong)} not supported; expected a Symbol or a number"
        )

    function.__name__ = function.__qualname__ = name
    function.__doc__ = (
        doc
        + """

    Args:
        left (Symbol or number): Left operand.
        right (Symbol or number): Right operand.

    Returns:
        Symbol or number: A symbol unless both operands are numbers.
    """
    )
    return function


add = _function(
    "add", "Sum of the elements.", ("_Plus", "_PlusScalar", "_PlusScalar"), lambda a, b: a + b
)
subtract = _function(
    "subtract",
    "Difference of the elements.",
    ("_Minus", "_MinusScalar", "_RMinusScalar"),
    lambda a, b: a - b,
)
multiply = _function(
    "multiply", "Product of the elements.", ("_Mul", "_MulScalar", "_MulScalar"), lambda a, b: a * b
)
divide = _function(
    "divide", "Quotient of the elements.", ("_Div", "_DivScalar", "_RDivScalar"), lambda a, b: a / b
)
true_divide = divide
modulo = _function(
    "modulo",
    "Remainder of the division of the elements.",
    ("_Mod", "_ModScalar", "_RModScalar"),
    lambda a, b: a % b,
)
_pow = _function(
    "pow",
    "The left elements to the power of the right ones.",
    ("_Power", "_PowerScalar", "_rpower_scalar"),
    lambda a, b: a**b,
)


def pow(base, exp):
    """The elements of `base` to the power of those of `exp`.

    Args:
        base (Symbol or number): What is raised.
        exp (Symbol or number): The exponents.

    Returns:
        Symbol or number: A symbol unless both operands are numbers.
    """
    return _pow(base, exp)


power = pow
maximum = _function(
    "maximum",
    "The larger of the elements.",
    ("_Maximum", "_MaximumScalar", "_MaximumScalar"),
    lambda a, b: a if a > b else b,
)
minimum = _function(
    "minimum",
    "The smaller of the elements.",
    ("_Minimum", "_MinimumScalar", "_MinimumScalar"),
    lambda a, b: a if a < b else b,
)
hypot = _function(
    "hypot",
    "Length of the hypotenuse over the two elements.",
    ("_Hypot", "_HypotScalar", "_HypotScalar"),
    lambda a, b: float(np.hypot(a, b)),
)
equal = _function(
    "equal",
    "1 where the elements are equal, else 0.",
    ("_equal", "_equal_scalar", "_equal_scalar"),
    lambda a, b: int(a == b),
)
not_equal = _function(
    "not_equal",
    "1 where the elements differ, else 0.",
    ("_not_equal", "_not_equal_scalar", "_not_equal_scalar"),
    lambda a, b: int(a != b),
)
greater = _function(
    "greater",
    "1 where the left element is larger, else 0.",
    ("_greater", "_greater_scalar", "_lesser_scalar"),
    lambda a, b: int(a > b),
)
greater_equal = _function(
    "greater_equal",
    "1 where the left element is larger or equal, else 0.",
    ("_greater_equal", "_greater_equal_scalar", "_lesser_equal_scalar"),
    lambda a, b: int(a >= b),
)
lesser = _function(
    "lesser",
    "1 where the left element is smaller, else 0.",
    ("_lesser", "_lesser_scalar", "_greater_scalar"),
    lambda a, b: int(a < b),
)
lesser_equal = _function(
    "lesser_equal",
    "1 where the left element is smaller or equal, else 0.",
    ("_lesser_equal", "_lesser_equal_scalar", "_greater_equal_scalar"),
    lambda a, b: int(a <= b),
)
logical_and = _function(
    "logical_and",
    "1 where both elements are nonzero, else 0.",
    ("_logical_and", "_logical_and_scalar", "_logical_and_scalar"),
    lambda a, b: int(bool(a) and bool(b)),
)
logical_or = _function(
    "logical_or",
    "1 where one of the elements is nonzero, else 0.",
    ("_logical_or", "_logical_or_scalar", "_logical_or_scalar"),
    lambda a, b: int(bool(a) or bool(b)),
)
logical_xor = _function(
    "logical_xor",
    "1 where exactly one of the elements is nonzero, else 0.",
    ("_logical_xor", "_logical_xor_scalar", "_logical_xor_scalar"),
    lambda a, b: int(bool(a) != bool(b)),
)
