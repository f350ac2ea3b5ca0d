"""Indexing arrays with lists and arrays; ints and slices are handled by the core.

What it costs follows what is selected: no index of the whole array is made.
"""

import math

import numpy as np

from .. import _core, error
from .._core import NDArray
from ._creation import array

_take, _scatter_set_nd, _to_shape, _fill_masked = (
    _core.op_function(name, name, __name__)
    for name in ("take", "_scatter_set_nd", "_np_reshape", "_npi_boolean_mask_assign_scalar")
)


def to_array(value, ctx, dtype):
    """An assigned value as an array.

    Raises:
        TypeError: It is not array-like, or holds arrays whose record would be lost.
    """
    if _core.is_recording() and _holds_arrays(value):
        raise error.TypeError(
            "NDArray: a list of NDArrays cannot be recorded; expected one NDArray, for instance of "
            "mx.nd.stack"
        )
    try:
        return array(value, ctx, dtype)
    except TypeError:
        raise error.TypeError(
            f"NDArray: {value!r} of type {type(value).__name__} cannot be assigned; "
            "expected a number or something array-like"
        ) from None


def get_advanced(self, key, is_numpy):
    """`self[key]` for a key with lists or arrays.

    Args:
        self (NDArray): The array.
        key (object): The key.
        is_numpy (bool): Whether bools, and arrays without axes, mean what they mean to NumPy.
    """
    if is_numpy and _is_mask(self, key):
        rows = self._reshape((-1, *self.shape[key.ndim :]))
        chosen = key.asnumpy().reshape(-1).nonzero()[0]
        return _take(rows, array(chosen, self.context, np.int64), axis=0)
    items, shape = _items_of_axes(key, self.shape, is_numpy)
    axes = [axis for axis, item in enumerate(items) if not _is_whole_axis(item)]
    if len(axes) == 1 and isinstance(items[axes[0]], np.ndarray) and shape == self.shape:
        return _take(self, array(items[axes[0]], self.context, np.int64), axis=axes[0])
    positions = _positions(items, shape)
    if self.size == 0:
        return _to_shape(self, newshape=positions.shape)
    return _take(self._reshape((-1,)), array(positions, self.context, np.int64), axis=0)


def set_advanced(self, key, is_numpy, value):
    """`self[key] = value` for a key with lists or arrays; see `get_advanced`."""
    number = isinstance(value, (int, float, np.generic))
    if is_numpy and number and _is_mask(self, key) and key.context == self.context:
        # Nobody waits for the mask.
        _fill_masked(self, key, value=float(value), start_axis=0, out=self)
        return
    items, shape = _items_of_axes(key, self.shape, is_numpy)
    positions = _positions(items, shape)
    if positions.size == 0:
        return
    if not isinstance(value, NDArray):
        value = to_array(value, self.context, self.dtype)
    value = value.as_in_context(self.context).astype(self.dtype, copy=False)
    flat = self._reshape((-1,))
    _scatter_set_nd(
        flat,
        _broadcast(value, positions.shape)._reshape((-1,)),
        array(positions.reshape(1, -1), self.context, np.int64),
        shape=flat.shape,
        out=flat,
    )


def _is_mask(self, key):
    """Whether a key is an array of bools alone, and fits an array that has elements."""
    return (
        isinstance(key, NDArray)
        and key.dtype == np.bool_
        and key.ndim > 0
        and key.shape == self.shape[: key.ndim]
        and self.size > 0
    )


def _broadcast(value, shape):
    """An assigned array with the elements of what is written to, in their order.

    Raises:
        ValueError: Its shape cannot be broadcast.
    """
    extra = max(value.ndim - len(shape), 0)
    rest = value.shape[extra:]
    if value.shape[:extra] == (1,) * extra:
        if rest == shape:
            return value
        value = value._reshape(rest) if extra else value
    return value.broadcast_to(shape)


def _holds_arrays(value):
    if not isinstance(value, (list, tuple)):
        return False
    return any(isinstance(item, NDArray) or _holds_arrays(item) for item in value)


def _is_whole_axis(item):
    return isinstance(item, slice) and item == slice(None)


def _items_of_axes(key, shape, is_numpy):
    """What the key says for each axis, in order: a slice, an array of indices, or None for a new
    axis; and the shape, with an axis of size 1 for each mask that takes none. Ints beside arrays
    count as arrays, as in NumPy; a mask becomes the indices it selects.
    """
    items = key if isinstance(key, tuple) else (key,)
    items = [_slice_or_array(item, is_numpy) for item in items]
    axes = sum(_num_axes(item) for item in items)
    if axes > len(shape):
        raise error.IndexError(f"too many indices ({axes}) for array with {len(shape)} dimensions")
    place = next((i for i, item in enumerate(items) if item is Ellipsis), len(items))
    items[place : place + 1] = [slice(None)] * (len(shape) - axes)
    result, sizes, axis = [], [], 0
    for item in items:
        if item is Ellipsis:
            raise error.IndexError("an index can only have a single ellipsis ('...')")
        if not isinstance(item, np.ndarray):
            result.append(item)
        elif item.dtype == bool and item.ndim == 0:
            result.append(np.zeros(int(item), np.int64))
            sizes.append(1)
        elif item.dtype == bool:
            result.extend(_selected(item, shape, axis))
        else:
            result.append(_counted_from_front(item, shape[axis], axis))
        sizes.extend(shape[axis : axis + _num_axes(item)])
        axis += _num_axes(item)
    return result, tuple(sizes)


def _slice_or_array(item, is_numpy):
    if item is None or item is Ellipsis or isinstance(item, slice):
        return item
    values = item.asnumpy() if isinstance(item, NDArray) else np.asarray(item)
    is_mask = values.dtype.kind == "b" and (is_numpy or not isinstance(item, int))
    no_axes = values.ndim == 0 and (is_mask or values.dtype.kind == "f")
    if (
        isinstance(item, (str, float, np.floating))
        or values.dtype.kind not in "iubf"
        or (no_axes and not is_numpy)
    ):
        raise error.ValueError(
            f"NDArray does not support slicing with key {item} of type "
            f"{type(item).__name__}; expected ints, slices, lists or arrays"
        )
    if is_mask:
        return values
    if is_numpy and values.dtype.kind == "f" and (values != np.trunc(values)).any():
        raise error.IndexError(f"index {item} is not of whole numbers; expected ints")
    return values.astype(np.int64)


def _num_axes(item):
    if item is None or item is Ellipsis:
        return 0
    return item.ndim if isinstance(item, np.ndarray) and item.dtype == bool else 1


def _selected(mask, shape, axis):
    if mask.shape != shape[axis : axis + mask.ndim]:
        raise error.IndexError(
            f"mask of shape {mask.shape} does not fit axis {axis} and those behind it of an array "
            f"with shape {shape}; expected equal sizes"
        )
    return mask.nonzero()


def _counted_from_front(indices, size, axis):
    outside = indices[(indices < -size) | (indices >= size)]
    if outside.size:
        raise error.IndexError(
            f"index {outside.flat[0]} is out of bounds for axis {axis} with size {size}"
        )
    return np.where(indices < 0, indices + size, indices)


def _positions(items, shape):
    """Place of each selected element in the flat array, in the shape of the result."""
    places = [place for place, item in enumerate(items) if isinstance(item, np.ndarray)]
    try:
        joined = np.broadcast_arrays(*(items[place] for place in places))
    except ValueError:
        shapes = ", ".join(str(items[place].shape) for place in places)
        raise error.IndexError(
            f"index arrays of the shapes {shapes} cannot be broadcast; expected shapes that can"
        ) from None
    kept = len(items) - len(places)  # axes of the result beside those of the index arrays
    # Index arrays side by side give axes in their place, otherwise in front: NumPy's rule.
    together = places[-1] - places[0] == len(places) - 1
    front = places[0] if together else 0
    group, arrays = joined[0].ndim, iter(joined)
    positions = np.zeros((1,) * (kept + group), np.int64)
    axis = seen = 0
    for item in items:
        if item is None:
            seen += 1
            continue
        if isinstance(item, np.ndarray):
            index = next(arrays)
            behind = kept - front
        else:
            index = np.arange(*item.indices(shape[axis]))
            behind = kept - seen - 1 + (group if seen < front else 0)
            seen += 1
        positions = positions + index.reshape(index.shape + (1,) * behind) * math.prod(
            shape[axis + 1 :]
        )
        axis += 1
    return positions
