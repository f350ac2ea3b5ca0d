"""Indexing arrays with lists and arrays; ints and slices are handled by the core.

What it costs follows what is selected: no index of the whole array is made.
"""

import math

import numpy as np

from .. import _core, error
from .._core import NDArray
from ._creation import array

_take, _scatter_set_nd = (
    _core.op_function(name, name, __name__) for name in ("take", "_scatter_set_nd")
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


def get_advanced(self, key):
    """`self[key]` for a key with lists or arrays."""
    items = _items_of_axes(key, self.shape)
    axes = [axis for axis, item in enumerate(items) if not _is_whole_axis(item)]
    if len(axes) == 1 and isinstance(items[axes[0]], np.ndarray):
        return _take(self, array(items[axes[0]], self.context, np.int64), axis=axes[0])
    positions = _positions(items, self.shape)
    return _take(self.reshape((-1,)), array(positions, self.context, np.int64), axis=0)


def set_advanced(self, key, value):
    """`self[key] = value` for a key with lists or arrays."""
    positions = _positions(_items_of_axes(key, self.shape), self.shape)
    if positions.size == 0:
        return
    if not isinstance(value, NDArray):
        value = to_array(value, self.context, self.dtype)
    value = value.as_in_context(self.context).astype(self.dtype, copy=False)
    if value.shape != positions.shape:
        value = value.broadcast_to(positions.shape)
    flat = self.reshape((-1,))
    _scatter_set_nd(
        flat,
        value.reshape((-1,)),
        array(positions.reshape(1, -1), self.context, np.int64),
        shape=flat.shape,
        out=flat,
    )


def _holds_arrays(value):
    if not isinstance(value, (list, tuple)):
        return False
    return any(isinstance(item, NDArray) or _holds_arrays(item) for item in value)


def _is_whole_axis(item):
    return isinstance(item, slice) and item == slice(None)


def _items_of_axes(key, shape):
    """What the key says for each axis, in order: a slice, an array of indices, or None for a new
    axis. Ints beside arrays count as arrays, as in NumPy; a mask becomes the indices it selects.
    """
    items = [_slice_or_array(item) for item in (key if isinstance(key, tuple) else (key,))]
    axes = sum(_num_axes(item) for item in items)
    if axes > len(shape):
        raise error.IndexError(f"too many indices ({axes}) for array with {len(shape)} dimensions")
    place = next((i for i, item in enumerate(items) if item is Ellipsis), len(items))
    items[place : place + 1] = [slice(None)] * (len(shape) - axes)
    result, axis = [], 0
    for item in items:
        if not isinstance(item, np.ndarray):
            result.append(item)
        elif item.dtype == bool:
            result.extend(_selected(item, shape, axis))
        else:
            result.append(_counted_from_front(item, shape[axis], axis))
        axis += _num_axes(item)
    return result


def _slice_or_array(item):
    if item is None or item is Ellipsis or isinstance(item, slice):
        return item
    values = item.asnumpy() if isinstance(item, NDArray) else np.asarray(item)
    is_mask = values.dtype.kind == "b" and not isinstance(item, int)
    if (
        isinstance(item, (str, float))
        or values.dtype.kind not in "iubf"
        or (values.ndim == 0 and (is_mask or values.dtype.kind == "f"))
    ):
        raise error.ValueError(
            f"NDArray does not support slicing with key {item} of type "
            f"{type(item).__name__}; expected ints, slices, lists or arrays"
        )
    return values if is_mask else values.astype(np.int64)


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
