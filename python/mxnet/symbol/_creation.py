"""Symbols of constant arrays, and functions beyond the operators."""

import numpy as np

from .. import _core, error
from .._core import Symbol

__all__ = ["zeros", "ones", "full", "arange", "linspace", "eye", "histogram", "split_v2"]


def _operator(name):
    return _core.symbol_function(name, name, __name__)


_op_zeros, _op_ones, _op_full = _operator("_zeros"), _operator("_ones"), _operator("_full")
_op_arange, _op_eye = _operator("_arange"), _operator("_eye")
_op_linspace, _op_split_v2 = _operator("_linspace"), _operator("_split_v2")
_op_histogram = _operator("_histogram")


def _float32(dtype):
    return np.float32 if dtype is None else dtype


def zeros(shape, dtype=None, **kwargs):
    """An array of zeros.

    Args:
        shape (int or tuple of int): Dimensions.
        dtype (str or type): None is float32.
        **kwargs: Name and attributes of the node.
    """
    return _op_zeros(shape=shape, dtype=_float32(dtype), **kwargs)


def ones(shape, dtype=None, **kwargs):
    """An array of ones; see `zeros` for the arguments."""
    return _op_ones(shape=shape, dtype=_float32(dtype), **kwargs)


def full(shape, val, dtype=None, **kwargs):
    """An array of the value `val`; see `zeros` for the other arguments."""
    return _op_full(shape=shape, dtype=_float32(dtype), value=float(val), **kwargs)


def arange(start, stop=None, step=1.0, repeat=1, infer_range=False, name=None, dtype=None):
    """Numbers from `start` up to but without `stop`, each `repeat` times.

    Args:
        start (number): First number; with `stop` None the numbers run from 0 up to it.
        stop (number): End.
        step (number): Difference of neighbours.
        repeat (int): How often each number comes.
        infer_range (bool): Whether the end is told from the shape of the result.
        name (str): Name of the node.
        dtype (str or type): None is float32.
    """
    return _op_arange(
        start=start,
        stop=stop,
        step=step,
        repeat=repeat,
        infer_range=infer_range,
        name=name,
        dtype=_float32(dtype),
    )


def linspace(start, stop, num, endpoint=True, name=None, dtype=None):
    """`num` numbers from `start` to `stop` at equal distances.

    Args:
        start (number): First number.
        stop (number): Last number, or the end if `endpoint` is False.
        num (int): How many.
        endpoint (bool): Whether `stop` is one of them.
        name (str): Name of the node.
        dtype (str or type): None is float32.
    """
    return _op_linspace(
        start=start, stop=stop, num=num, endpoint=endpoint, name=name, dtype=_float32(dtype)
    )


def eye(N, M=0, k=0, dtype=None, **kwargs):
    """A matrix with ones on a diagonal and zeros elsewhere.

    Args:
        N (int): Number of rows.
        M (int): Number of columns; 0 is as many as rows.
        k (int): Which diagonal: 0 is the main one, positive ones lie above.
        dtype (str or type): None is float32.
        **kwargs: Name and attributes of the node.
    """
    return _op_eye(N=N, M=M, k=k, dtype=_float32(dtype), **kwargs)


def histogram(a, bins=10, range=None, **kwargs):
    """How many elements fall into each bin.

    Args:
        a (Symbol): The elements.
        bins (int or Symbol): Number of bins of equal width, or their edges.
        range (tuple of float): Lower end of the first and upper end of the last bin; needed with
            a number of bins.

    Raises:
        ValueError: A number of bins was given without `range`.
    """
    if isinstance(bins, Symbol):
        return _op_histogram(a, bins, **kwargs)
    if range is None:
        raise error.ValueError(
            "histogram: range is missing; expected two numbers with bins given as an integer"
        )
    return _op_histogram(a, bin_cnt=bins, range=range, **kwargs)


def split_v2(ary, indices_or_sections, axis=0, squeeze_axis=False):
    """Split along an axis into equal parts or at given places.

    Args:
        ary (Symbol): The array.
        indices_or_sections (int or tuple of int): Number of parts, or where each part after the
            first begins.
        axis (int): Along which axis.
        squeeze_axis (bool): Whether to drop the axis from parts of size 1.
    """
    if isinstance(indices_or_sections, (int, np.integer)):
        return _op_split_v2(
            ary, indices=[], axis=axis, squeeze_axis=squeeze_axis, sections=indices_or_sections
        )
    return _op_split_v2(
        ary, indices=[0] + list(indices_or_sections), axis=axis, squeeze_axis=squeeze_axis
    )
