"""Products of arrays."""

import numpy as onp

from .. import error
from .._core import NDArray
from .._numpy_mode import wrap_np_binary_func
from ._arguments import ARRAYS, NUMBERS, check_array
from ._ops import operator
from ._shapes import as_tuple, reshape

__all__ = ["dot", "matmul", "inner", "outer", "vdot", "tensordot", "einsum", "polyval"]

_dot, _matmul, _einsum, _polyval, _multiply = map(
    operator, ("_np_dot", "_npi_matmul", "_npi_einsum", "_npi_polyval", "_npi_multiply")
)
_tensordot, _tensordot_int_axes = map(operator, ("_npi_tensordot", "_npi_tensordot_int_axes"))


def dot(a, b, out=None):
    """Product over the last axis of `a` and the last but one, or only one, of `b`.

    Args:
        a (ndarray): Left operand.
        b (ndarray): Right operand.
        out (ndarray): Where to write the result.
    """
    check_array("dot", a=a, b=b)
    return _dot(a, b, out=out)


@wrap_np_binary_func
def matmul(a, b, out=None):
    """Product of matrices; axes in front of them are broadcast.

    Args:
        a (ndarray): Left operand, (..., n, k) or (k,).
        b (ndarray): Right operand, (..., k, m) or (k,).
        out (ndarray): Where to write the result.
    """
    check_array("matmul", a=a, b=b)
    return _matmul(a, b, out=out)


def tensordot(a, b, axes=2):
    """Product over any axes.

    Args:
        a (ndarray): Left operand.
        b (ndarray): Right operand.
        axes (int or pair): How many: the last ones of `a` and the first ones of `b`; or which of
            `a` and which of `b`, each an int or a tuple.
    """
    check_array("tensordot", a=a, b=b)
    if isinstance(axes, (int, onp.integer)):
        return _tensordot_int_axes(a, b, axes=axes)
    if len(axes) != 2:
        raise error.ValueError(f"tensordot: axes={axes} is no pair; expected axes of a and of b")
    a_axes, b_axes = map(as_tuple, axes)
    if len(a_axes) != len(b_axes):
        raise error.ValueError(
            f"tensordot: axes={axes} names {len(a_axes)} axes of a and {len(b_axes)} of b; "
            "expected as many of both"
        )
    return _tensordot(a, b, a_axes_summed=a_axes, b_axes_summed=b_axes)


def inner(a, b):
    """Product over the last axes of both operands.

    Args:
        a (ndarray): Left operand.
        b (ndarray): Right operand.
    """
    check_array("inner", a=a, b=b)
    if any(isinstance(each, NDArray) and each.ndim == 0 for each in (a, b)):
        return _multiply(a, b)
    return tensordot(a, b, (-1, -1))


def outer(a, b):
    """Products of each element of one with each of the other.

    Args:
        a (ndarray): Left operand, treated as flat: n elements.
        b (ndarray): Right operand, treated as flat: m elements.

    Returns:
        ndarray: (n, m).
    """
    return tensordot(reshape(a, -1), reshape(b, -1), 0)


def vdot(a, b):
    """Product of two arrays that are treated as flat.

    Args:
        a (ndarray): Left operand.
        b (ndarray): Right operand.
    """
    return tensordot(reshape(a, -1), reshape(b, -1), 1)


def einsum(*operands, **kwargs):
    """Einstein's sum.

    Args:
        *operands: The subscripts, such as 'ij,jk->ik', and the arrays.
        **kwargs: `out` (ndarray), where to write the result; `optimize` (bool), whether to look for
            a good order of products.
    """
    out, optimize = kwargs.pop("out", None), kwargs.pop("optimize", False)
    if kwargs:
        raise error.TypeError(
            f"einsum: {next(iter(kwargs))} is an unexpected argument; expected out or optimize"
        )
    if not operands or not isinstance(operands[0], str):
        raise error.AssertedValueError(
            "einsum: the first argument is no text; expected subscripts such as 'ij,jk->ik'"
        )
    subscripts, *arrays = operands
    return _einsum(
        *arrays, num_args=len(arrays), subscripts=subscripts, optimize=int(optimize), out=out
    )


def polyval(p, x):
    """Values of a polynomial.

    Args:
        p (ndarray): Its coefficients in one dimension, that of the highest power first.
        x (ndarray): Where.
    """
    if isinstance(p, ARRAYS) and isinstance(x, NUMBERS):
        raise error.TypeError(f"polyval: x={x} is a number; expected an array")
    return _polyval(p, x)
