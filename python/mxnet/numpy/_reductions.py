"""Reductions, and functions that sum, sort into bins and interpolate."""

import numpy as onp

from .. import error
from .._core import NDArray
from ._arguments import ARRAYS, NUMBERS
from ._joining import concatenate
from ._ops import operator

__all__ = [
    "sum",
    "mean",
    "prod",
    "product",
    "max",
    "amax",
    "min",
    "amin",
    "std",
    "var",
    "any",
    "sometrue",
    "all",
    "argmax",
    "argmin",
    "average",
    "cumsum",
    "diff",
    "ediff1d",
    "percentile",
    "quantile",
    "histogram",
    "bincount",
]

_sum, _mean, _prod, _max, _min, _std, _var, _any, _all = map(
    operator,
    (
        "_np_sum",
        "_npi_mean",
        "_np_prod",
        "_np_max",
        "_np_min",
        "_npi_std",
        "_npi_var",
        "_np_any",
        "_np_all",
    ),
)
_argmax, _argmin, _average, _cumsum, _diff, _ediff1d = map(
    operator,
    ("_npi_argmax", "_npi_argmin", "_npi_average", "_np_cumsum", "_npi_diff", "_npi_ediff1d"),
)
_percentile, _histogram, _bincount, _part, _full_like = map(
    operator,
    ("_npi_percentile", "_npi_histogram", "_npi_bincount", "slice_axis", "_npi_full_like"),
)


def _axes(a, axis):
    """An axis of an array without axes, which NumPy lets be 0 or -1, is none."""
    return None if isinstance(a, NDArray) and a.ndim == 0 and axis in (0, -1) else axis


def sum(a, axis=None, dtype=None, keepdims=False, initial=None, out=None):
    """Sum of the elements.

    Args:
        a (ndarray): The array.
        axis (int or tuple of int): Along which axes; None is all.
        dtype (str or type): Type of the result, in which it is summed. None is that of `a`, and
            int64 for bools.
        keepdims (bool): Whether the axes stay, with size 1.
        initial (number): What the sum begins with.
        out (ndarray): Where to write the result.
    """
    return _sum(a, axis=_axes(a, axis), dtype=dtype, keepdims=keepdims, initial=initial, out=out)


def mean(a, axis=None, dtype=None, out=None, keepdims=False):
    """Mean of the elements.

    Args:
        a (ndarray): The array.
        axis (int or tuple of int): Along which axes; None is all.
        dtype (str or type): Type of the result; None is that of `a`, and float32 for ints.
        out (ndarray): Where to write the result.
        keepdims (bool): Whether the axes stay, with size 1.
    """
    return _mean(a, axis=_axes(a, axis), dtype=dtype, keepdims=keepdims, out=out)


def prod(a, axis=None, dtype=None, out=None, keepdims=False):
    """Product of the elements.

    Args:
        a (ndarray): The array.
        axis (int or tuple of int): Along which axes; None is all.
        dtype (str or type): Type of the result; None is that of `a`, and int64 for bools.
        out (ndarray): Where to write the result.
        keepdims (bool): Whether the axes stay, with size 1.
    """
    return _prod(a, axis=_axes(a, axis), dtype=dtype, keepdims=keepdims, out=out)


product = prod


def max(a, axis=None, keepdims=False, out=None):
    """The largest element.

    Args:
        a (ndarray): The array.
        axis (int or tuple of int): Along which axes; None is all.
        keepdims (bool): Whether the axes stay, with size 1.
        out (ndarray): Where to write the result.
    """
    return _max(a, axis=_axes(a, axis), keepdims=keepdims, out=out)


def min(a, axis=None, keepdims=False, out=None):
    """The smallest element.

    Args:
        a (ndarray): The array.
        axis (int or tuple of int): Along which axes; None is all.
        keepdims (bool): Whether the axes stay, with size 1.
        out (ndarray): Where to write the result.
    """
    return _min(a, axis=_axes(a, axis), keepdims=keepdims, out=out)


amax, amin = max, min


def std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    """Standard deviation of the elements.

    Args:
        a (ndarray): The array.
        axis (int or tuple of int): Along which axes; None is all.
        dtype (str or type): Type of the result; None is that of `a`.
        out (ndarray): Where to write the result.
        ddof (int): The sum of squares is divided by the number of elements minus this.
        keepdims (bool): Whether the axes stay, with size 1.
    """
    return _std(a, axis=_axes(a, axis), dtype=dtype, ddof=ddof, keepdims=keepdims, out=out)


def var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    """Variance of the elements; the arguments are those of `std`."""
    return _var(a, axis=_axes(a, axis), dtype=dtype, ddof=ddof, keepdims=keepdims, out=out)


def any(a, axis=None, keepdims=False, out=None):
    """Whether an element is true.

    Args:
        a (ndarray): The array.
        axis (int or tuple of int): Along which axes; None is all.
        keepdims (bool): Whether the axes stay, with size 1.
        out (ndarray): Where to write the result.

    Returns:
        ndarray: Of bools.
    """
    return _any(a, axis=_axes(a, axis), keepdims=keepdims, out=out)


sometrue = any


def all(a, axis=None, keepdims=False, out=None):
    """Whether all elements are true; the arguments are those of `any`."""
    return _all(a, axis=_axes(a, axis), keepdims=keepdims, out=out)


def argmax(a, axis=None, out=None):
    """Place of the largest element, of the first where there are several.

    Args:
        a (ndarray): The array.
        axis (int): Along which axis; None counts all elements.
        out (ndarray): Where to write the result.

    Returns:
        ndarray: int64.
    """
    return _argmax(a, axis=axis, keepdims=False, out=out)


def argmin(a, axis=None, out=None):
    """Place of the smallest element; the arguments are those of `argmax`."""
    return _argmin(a, axis=axis, keepdims=False, out=out)


def average(a, axis=None, weights=None, returned=False, out=None):
    """Mean of the elements with weights.

    Args:
        a (ndarray): The array.
        axis (int or tuple of int): Along which axes; None is all.
        weights (ndarray): The weights, of the shape of `a`, or one for each place along `axis`;
            None are equal ones.
        returned (bool): Whether to give the sum of the weights, too.
        out (ndarray): Where to write the result.

    Returns:
        ndarray or list of ndarray: The means, and the sums of weights if they are asked for.
    """
    operands = (a,) if weights is None else (a, weights)
    return _average(*operands, axis=axis, returned=returned, weighted=weights is not None, out=out)


def cumsum(a, axis=None, dtype=None, out=None):
    """Sums of the elements so far.

    Args:
        a (ndarray): The array.
        axis (int): Along which axis; None treats the array as flat.
        dtype (str or type): Type of the result; None is that of `a`, and int64 for bools.
        out (ndarray): Where to write the result.
    """
    if dtype is None and isinstance(a, NDArray) and a.dtype == onp.bool_:
        dtype = onp.int64
    return _cumsum(a, axis=axis, dtype=dtype, out=out)


def diff(a, n=1, axis=-1, prepend=None, append=None):
    """Differences of neighbours.

    Args:
        a (ndarray): The array.
        n (int): How often they are taken.
        axis (int): Along which axis.
        prepend (number or ndarray): What is put in front of the array before.
        append (number or ndarray): What is put behind it.
    """
    if prepend is not None or append is not None:
        parts = [_beside(prepend, a, axis), a, _beside(append, a, axis)]
        a = concatenate([part for part in parts if part is not None], axis)
    return _diff(a, n=n, axis=axis)


def _beside(value, a, axis):
    """A number as an array that can be joined with `a`; an array, and None, as they are."""
    if not isinstance(value, NUMBERS):
        return value
    part = _part(a, axis=axis, begin=0, end=1)
    return _full_like(part, fill_value=value)


def ediff1d(ary, to_end=None, to_begin=None):
    """Differences of neighbours in the flat array.

    Args:
        ary (ndarray): The array.
        to_end (number or ndarray): What stands behind them.
        to_begin (number or ndarray): What stands in front of them.
    """
    operands, params = [ary], {}
    for name, value in (("to_begin", to_begin), ("to_end", to_end)):
        is_number = isinstance(value, NUMBERS)
        params[f"{name}_arr_given"] = value is not None and not is_number
        params[f"{name}_scalar"] = value if is_number else None
        if params[f"{name}_arr_given"]:
            operands.append(value)
    return _ediff1d(*operands, **params)


def percentile(
    a, q, axis=None, out=None, overwrite_input=None, interpolation="linear", keepdims=False
):
    """Values below which some percent of the elements lie.

    Args:
        a (ndarray): The array.
        q (number or ndarray): How many percent, from 0 to 100.
        axis (int or tuple of int): Along which axes; None is all.
        out (ndarray): Where to write the result.
        overwrite_input (bool): Not supported.
        interpolation (str): What is taken between two elements: 'linear', 'lower', 'higher',
            'midpoint' or 'nearest'.
        keepdims (bool): Whether the axes stay, with size 1.

    Returns:
        ndarray: An array `q` gives the axes in front.
    """
    if overwrite_input is not None:
        raise error.NotImplementedError(
            f"percentile: overwrite_input={overwrite_input} is not supported; expected None"
        )
    params = {"axis": axis, "interpolation": interpolation, "keepdims": keepdims, "out": out}
    if isinstance(q, NUMBERS):
        return _percentile(a, q_scalar=q, **params)
    return _percentile(a, q, q_scalar=None, **params)


def quantile(
    a, q, axis=None, out=None, overwrite_input=None, interpolation="linear", keepdims=False
):
    """Values below which a part of the elements lies.

    Args:
        a (ndarray): The array.
        q (number or ndarray): Which part, from 0 to 1; see `percentile` for the others.
    """
    return percentile(a, q * 100, axis, out, overwrite_input, interpolation, keepdims)


def histogram(a, bins=10, range=None, normed=None, weights=None, density=None):
    """How many elements fall into each bin.

    Args:
        a (ndarray): The array.
        bins (int or ndarray): Number of bins of equal width, or their edges.
        range (tuple of float): Lower end of the first and upper end of the last bin.
        normed, weights, density: Not supported.

    Returns:
        list of ndarray: The counts and the edges.
    """
    for name, value in (("normed", normed), ("weights", weights), ("density", density)):
        if value is not None and value is not False:
            raise error.NotImplementedError(f"histogram: {name} is not supported; expected None")
    if isinstance(bins, ARRAYS):
        return _histogram(a, bins)
    if isinstance(bins, (int, onp.integer)):
        if isinstance(a, NDArray) and a.dtype.kind in "iu":
            a = a.astype(onp.float32)  # edges between whole numbers have fractions
        return _histogram(a, bin_cnt=int(bins), range=_bounds(a) if range is None else range)
    raise error.NotImplementedError(
        f"histogram: bins={bins!r} is a {type(bins).__name__}; expected an int or an array of edges"
    )


def _bounds(a):
    """Lower end of the first bin and upper end of the last one, as NumPy chooses them."""
    if a.size == 0:
        return (0.0, 1.0)
    low, high = float(a.min().item()), float(a.max().item())
    return (low, high) if low < high else (low - 0.5, high + 0.5)


def bincount(x, weights=None, minlength=0):
    """How often each number comes.

    Args:
        x (ndarray): Ints that are not negative, in one dimension.
        weights (ndarray): What each counts; None is 1.
        minlength (int): The least length of the result.
    """
    if minlength < 0:
        raise error.ValueError(f"bincount: minlength={minlength} is negative; expected 0 or more")
    operands = (x,) if weights is None else (x, weights)
    return _bincount(*operands, minlength=minlength, has_weights=weights is not None)
