"""Functions that pick elements by place or value, and that order them."""

import numpy as onp

from .. import error
from .._core import NDArray, Symbol
from ._ops import operator

__all__ = [
    "take",
    "nonzero",
    "unravel_index",
    "diag",
    "diagflat",
    "diagonal",
    "diag_indices_from",
    "trace",
    "tril",
    "unique",
    "sort",
    "argsort",
]

_take, _nonzero, _unravel_index, _unique, _sort, _argsort = map(
    operator,
    ("_npi_take", "_npi_nonzero", "_unravel_index", "_npi_unique", "_npi_sort", "_npi_argsort"),
)
_diag, _diagflat, _diagonal, _diag_indices_from, _trace, _tril = map(
    operator,
    (
        "_np_diag",
        "_np_diagflat",
        "_np_diagonal",
        "_npi_diag_indices_from",
        "_np_trace",
        "_npi_tril",
    ),
)
_flat = operator("_np_reshape")


def take(a, indices, axis=None, mode="raise", out=None):
    """The elements at given places.

    Args:
        a (ndarray): The array.
        indices (ndarray): The places.
        axis (int): Along which axis; None treats the array as flat.
        mode (str): What is done with places out of range: 'raise', 'clip' (the nearest one) or
            'wrap' (counted on from the other end).
        out (ndarray): Where to write the result.
    """
    if mode not in ("wrap", "clip", "raise"):
        raise error.NotImplementedError(
            f"take: mode={mode!r} is unknown; expected 'raise', 'clip' or 'wrap'"
        )
    if axis is None:
        return _take(_flat(a, newshape=-1), indices, axis=0, mode=mode, out=out)
    return _take(a, indices, axis=axis, mode=mode, out=out)


def nonzero(a):
    """The places of the elements that are not zero.

    Args:
        a (ndarray): The array.

    Returns:
        tuple of ndarray: int64, one for each axis.
    """
    places = _nonzero(a)
    return tuple(places[:, axis] for axis in range(places.shape[1]))


def unravel_index(indices, shape, order="C"):
    """Places in a flat array as places along each axis.

    Args:
        indices (ndarray): The places in the flat array.
        shape (int or tuple of int): The shape of the array.
        order (str): 'C'.

    Returns:
        tuple of ndarray: The places along each axis.

    Raises:
        TypeError: The places are no integers.
        ValueError: One of them is outside of the array.
    """
    if order != "C":
        raise error.NotImplementedError(
            f"unravel_index: order={order!r} is not supported; expected 'C'"
        )
    if isinstance(indices, (int, float, onp.generic)):
        return onp.unravel_index(indices, shape)
    if isinstance(indices, NDArray):
        _check_flat_places(indices, shape)
    places = _unravel_index(indices, shape=shape)
    return places if isinstance(places, Symbol) else tuple(places)


def _check_flat_places(indices, shape):
    if indices.dtype not in (onp.uint8, onp.int8, onp.int32, onp.int64):
        raise error.TypeError(
            f"unravel_index: indices of the type {indices.dtype} were given; expected integers"
        )
    size = onp.prod(shape, dtype=onp.int64)
    places = indices.asnumpy()
    if ((places < 0) | (places >= size)).any():
        raise error.ValueError(
            f"unravel_index: a place is out of bounds for an array of {size} elements; expected "
            f"0 to {size - 1}"
        )


def diag(array, k=0):
    """The diagonal of a matrix, or a matrix with this diagonal.

    Args:
        array (ndarray): A matrix or a vector.
        k (int): Which diagonal: 0 is the main one, positive ones lie above.
    """
    return _diag(array, k=k)


def diagflat(array, k=0):
    """A matrix with the elements of an array on a diagonal; the arguments are those of `diag`."""
    return _diagflat(array, k=k)


def diagonal(a, offset=0, axis1=0, axis2=1):
    """The diagonals of the matrices along two axes.

    Args:
        a (ndarray): The array.
        offset (int): Which diagonal: 0 is the main one, positive ones lie above.
        axis1 (int): The axis of the rows.
        axis2 (int): The axis of the columns.
    """
    return _diagonal(a, offset=offset, axis1=axis1, axis2=axis2)


def diag_indices_from(arr):
    """The places of the main diagonal.

    Args:
        arr (ndarray): An array of at least two dimensions of equal size.

    Returns:
        tuple of ndarray: int64, one for each axis. Of a symbol one symbol, (axes, size).
    """
    places = _diag_indices_from(arr)
    return places if isinstance(places, Symbol) else tuple(places)


def trace(a, offset=0, axis1=0, axis2=1, out=None):
    """Sums of the diagonals of the matrices along two axes.

    Args:
        a (ndarray): The array.
        offset (int): Which diagonal: 0 is the main one, positive ones lie above.
        axis1 (int): The axis of the rows.
        axis2 (int): The axis of the columns.
        out (ndarray): Where to write the result.
    """
    return _trace(a, offset=offset, axis1=axis1, axis2=axis2, out=out)


def tril(m, k=0):
    """The lower triangle of matrices; zeros above a diagonal.

    Args:
        m (ndarray): The matrices.
        k (int): The diagonal: 0 is the main one, positive ones lie above.
    """
    return _tril(m, k=k)


def unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None):
    """The different elements, in order.

    Args:
        ar (ndarray): The array.
        return_index (bool): Whether to give the place of the first one of each.
        return_inverse (bool): Whether to give the place of each element in the result.
        return_counts (bool): Whether to give how often each one comes.
        axis (int): Along which axis parts are compared; None compares elements.

    Returns:
        ndarray or tuple of ndarray: A tuple when more than the elements is asked for.
    """
    found = _unique(
        ar,
        return_index=return_index,
        return_inverse=return_inverse,
        return_counts=return_counts,
        axis=axis,
    )
    return tuple(found) if isinstance(found, list) else found


def _check_sorting(function, order):
    if order is not None:
        raise error.NotImplementedError(
            f"{function}: order={order!r} is not supported; expected None"
        )


def sort(a, axis=-1, kind=None, order=None):
    """The elements in ascending order.

    Args:
        a (ndarray): The array.
        axis (int): Along which axis; None treats the array as flat.
        kind (str): Accepted for compatibility.
        order (None): None.
    """
    _check_sorting("sort", order)
    return _sort(a, axis=axis, is_ascend=True)


def argsort(a, axis=-1, kind=None, order=None):
    """The places that bring the elements into ascending order.

    Args:
        a (ndarray): The array.
        axis (int): Along which axis; None treats the array as flat.
        kind (str): Accepted for compatibility.
        order (None): None.

    Returns:
        ndarray: int64.
    """
    _check_sorting("argsort", order)
    return _argsort(a, axis=axis, is_ascend=True, dtype="int64")
