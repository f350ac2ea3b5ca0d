"""Indexing arrays with lists and arrays; ints and slices are handled by the core."""

import numpy as np

from .. import _core
from .._core import NDArray
from ._creation import array

_take, _scatter_set_nd = (
    _core.op_function(name, name, __name__) for name in ("take", "_scatter_set_nd")
)


def to_array(value, ctx, dtype):
    """An assigned value as an array.

    Raises:
        TypeError: It is not array-like.
    """
    try:
        return array(value, ctx, dtype)
    except TypeError:
        raise TypeError(
            f"NDArray: {value!r} of type {type(value).__name__} cannot be assigned; "
            "expected a number or something array-like"
        ) from None


def get_advanced(self, key):
    """`self[key]` for a key with lists or arrays."""
    if not isinstance(key, tuple):
        positions = _checked(_index_array(key), self.shape[0], 0)
        return _take(self, _as_indices(positions, self), axis=0)
    positions = _positions(self, key)
    return _take(self.reshape((-1,)), _as_indices(positions, self), axis=0)


def set_advanced(self, key, value):
    """`self[key] = value` for a key with lists or arrays."""
    positions = _positions(self, key if isinstance(key, tuple) else (key,))
    if positions.size == 0:
        return
    if isinstance(value, (float, int, np.generic)):
        value = np.full(positions.shape, value)
    if not isinstance(value, NDArray):
        value = to_array(value, self.context, self.dtype)
    value = value.as_in_context(self.context).astype(self.dtype, copy=False)
    if value.shape != positions.shape:
        value = value.broadcast_to(positions.shape)
    flat = self.reshape((-1,))
    _scatter_set_nd(
        flat,
        value.reshape((-1,)),
        _as_indices(positions.reshape(1, -1), self),
        shape=flat.shape,
        out=flat,
    )


def _positions(self, key):
    """Place of each selected element in the flat array, in the shape of the result."""
    key = tuple(item if _is_basic(item) else _index_array(item) for item in key)
    return np.arange(self.size).reshape(self.shape)[key]


def _is_basic(item):
    return item is None or item is Ellipsis or isinstance(item, (int, slice, np.integer))


def _index_array(item):
    """Integers of a list or array. Truth values count as 0 and 1, as in MXNet 1.9.1."""
    values = item.asnumpy() if isinstance(item, NDArray) else np.asarray(item)
    if (
        isinstance(item, (str, float))
        or values.dtype.kind not in "iubf"
        or (values.ndim == 0 and values.dtype.kind == "f")
    ):
        raise ValueError(
            f"NDArray does not support slicing with key {item} of type "
            f"{type(item).__name__}; expected ints, slices, lists or arrays"
        )
    return values.astype(np.int64)


def _checked(positions, size, axis):
    outside = positions[(positions < -size) | (positions >= size)]
    if outside.size:
        raise IndexError(
            f"index {outside.flat[0]} is out of bounds for axis {axis} with size {size}"
        )
    return np.where(positions < 0, positions + size, positions)


def _as_indices(positions, like):
    return array(positions, like.context, np.int64)
