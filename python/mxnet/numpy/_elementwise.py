"""Functions of elements: universal functions, as NumPy calls them."""

import numpy as onp

from .._core import NDArray, Symbol
from .._numpy_mode import wrap_np_binary_func, wrap_np_unary_func
from ._ops import operator

__all__ = ["add", "exp"]

NUMBERS = (float, int, onp.generic)


def _unary(name, doc, op=None):
    """A function of one operand: of an array or a symbol by an operator, of a number by NumPy."""
    apply, of_number = operator(op or f"_npi_{name}"), getattr(onp, name)

    def function(x, out=None):
        if isinstance(x, NUMBERS):
            return of_number(x) if out is None else of_number(x, out=out)
        return apply(x, out=out)

    return wrap_np_unary_func(_named(function, name, doc))


def _named(function, name, doc):
    function.__name__ = function.__qualname__ = name
    function.__module__ = "mxnet.numpy"
    function.__doc__ = doc
    return function


def _binary(name, doc, ops):
    """A function of two operands.

    `ops` are the operators of two arrays, of an array and a number, of a number and an array.
    """
    arrays, scalar, reflected = map(operator, ops)
    of_numbers = getattr(onp, name)

    def function(x1, x2, out=None):
        if isinstance(x1, (NDArray, Symbol)):
            if isinstance(x2, (NDArray, Symbol)):
                return arrays(x1, x2, out=out)
            if isinstance(x2, NUMBERS):
                return scalar(x1, scalar=float(x2), is_int=isinstance(x2, int), out=out)
        elif isinstance(x1, NUMBERS):
            if isinstance(x2, (NDArray, Symbol)):
                return reflected(x2, scalar=float(x1), is_int=isinstance(x1, int), out=out)
            if isinstance(x2, NUMBERS):
                return of_numbers(x1, x2, out=out)
        wrong = x2 if isinstance(x1, (NDArray, Symbol, *NUMBERS)) else x1
        raise TypeError(f"type {type(wrong)} not supported")

    return wrap_np_binary_func(_named(function, name, doc))


add = _binary("add", "Sum of the elements.", ("_npi_add", "_npi_add_scalar", "_npi_add_scalar"))
exp = _unary("exp", "e to the power of each element.")
