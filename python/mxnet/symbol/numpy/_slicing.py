"""NumPy's basic indexing of a symbol, whose number of axes need not be known."""

import numpy as onp

from ... import _core, error

__all__ = ["slice_symbol"]

_slice = _core.symbol_function("slice", "slice", __name__)
_slice_axis = _core.symbol_function("slice_axis", "slice", __name__)
_swap_axes = _core.symbol_function("SwapAxis", "swapaxes", __name__)
_reshape = _core.symbol_function("_npx_reshape", "reshape", __name__)
_expand_dims = _core.symbol_function("expand_dims", "expand_dims", __name__)

# What `npx.reshape` does to an axis or to all that are left.
_KEEP, _DROP, _KEEP_ALL = -2, -3, -4


def slice_symbol(symbol, key):
    """A part of the only output of a symbol.

    Args:
        symbol (Symbol): Of `mx.np`.
        key (int, slice, None, Ellipsis or tuple of these): As NumPy's arrays take them.

    Returns:
        Symbol: Of `mx.np`.

    Raises:
        IndexError: The key holds something else.
    """
    keys = key if isinstance(key, tuple) else (key,)
    for each in keys:
        _check(each)
    places = [place for place, each in enumerate(keys) if each is Ellipsis]
    if len(places) > 1:
        raise error.IndexError(
            f"Symbol: key={key!r} has {len(places)} ellipses; expected at most one"
        )
    first = places[0] if places else len(keys)
    return _from_the_end(_from_the_front(symbol, keys[:first]), keys[first + 1 :])


def _check(key):
    is_number = isinstance(key, (int, onp.integer)) and not isinstance(key, bool)
    if not (is_number or isinstance(key, slice) or key is None or key is Ellipsis):
        raise error.IndexError(
            f"Symbol: key={key!r} is of type {type(key).__name__}; Only integer, slice, or tuple "
            "of these types are supported, and None and Ellipsis"
        )


def _bounds(key):
    """Begin, end and step of the slice that a key takes of its axis."""
    if isinstance(key, slice):
        return key.start, key.stop, key.step
    return int(key), int(key) + 1 or None, None


def _codes(keys):
    """What becomes of the axes that keys take, if an integer drops one."""
    codes = [_KEEP if isinstance(key, slice) else _DROP for key in keys if key is not None]
    return codes if _DROP in codes else []


def _with_new_axes(symbol, keys, place, step):
    """The axes that None stands for, put in from `place` on; integers have no place any more."""
    for key in keys:
        if key is None:
            symbol = _expand_dims(symbol, axis=place)
        if key is None or isinstance(key, slice):
            place += step
    return symbol


def _from_the_front(symbol, keys):
    bounds = [_bounds(key) for key in keys if key is not None]
    if any(bound != (None, None, None) for bound in bounds):
        begin, end, step = zip(*bounds)
        options = {} if step == (None,) * len(step) else {"step": step}
        symbol = _slice(symbol, begin=begin, end=end, **options)
    codes = _codes(keys)
    if codes:
        symbol = _reshape(symbol, newshape=(*codes, _KEEP_ALL))
    return _with_new_axes(symbol, keys, 0, 1)


def _from_the_end(symbol, keys):
    axis = -sum(key is not None for key in keys)
    for key in keys:
        if key is not None:
            symbol = _cut(symbol, axis, *_bounds(key))
            axis += 1
    codes = _codes(keys)
    if codes:
        symbol = _reshape(symbol, newshape=(_KEEP_ALL, *codes), reverse=True)
    return _with_new_axes(symbol, reversed(keys), -1, -1)


def _cut(symbol, axis, begin, end, step):
    """A slice along an axis that is counted from the end."""
    if step in (None, 1):
        if begin is None and end is None:
            return symbol
        return _slice_axis(symbol, axis=axis, begin=begin or 0, end=end)
    swapped = _swap_axes(symbol, dim1=0, dim2=axis)
    part = _slice(swapped, begin=(begin,), end=(end,), step=(step,))
    return _swap_axes(part, dim1=0, dim2=axis)
