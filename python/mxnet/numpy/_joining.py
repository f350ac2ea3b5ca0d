"""Functions that join arrays, split them, and put elements in or take them out."""

import numpy as onp

from .. import error
from .._core import NDArray
from ._arguments import ARRAYS, NUMBERS, check_array
from ._creation import array
from ._ops import operator

__all__ = [
    "concatenate",
    "append",
    "stack",
    "vstack",
    "row_stack",
    "hstack",
    "dstack",
    "column_stack",
    "split",
    "array_split",
    "hsplit",
    "vsplit",
    "dsplit",
    "insert",
    "delete",
]

_concatenate, _stack, _vstack, _hstack, _dstack, _column_stack = map(
    operator,
    (
        "_npi_concatenate",
        "_npi_stack",
        "_npi_vstack",
        "_npi_hstack",
        "_npi_dstack",
        "_npi_column_stack",
    ),
)
_split, _hsplit, _dsplit, _delete = map(
    operator, ("_npi_split", "_npi_hsplit", "_npi_dsplit", "_npi_delete")
)
_insert_scalar, _insert_slice, _insert_tensor = map(
    operator, ("_npi_insert_scalar", "_npi_insert_slice", "_npi_insert_tensor")
)


def _given(function, arrays):
    arrays = list(arrays)
    if not arrays:
        raise error.ValueError(f"{function}: no arrays were given; expected at least one")
    return arrays


def concatenate(seq, axis=0, out=None):
    """Join arrays along an axis that they have.

    Args:
        seq (sequence of ndarray): What to join.
        axis (int): Along which axis; None treats the arrays as flat.
        out (ndarray): Where to write the result.
    """
    arrays = _given("concatenate", seq)
    for each in arrays:
        check_array("concatenate", seq=each)
    return _concatenate(*arrays, num_args=len(arrays), axis=axis, out=out)


def append(arr, values, axis=None):
    """Join two arrays.

    Args:
        arr (ndarray): The first.
        values (ndarray): The second.
        axis (int): Along which axis; None treats the arrays as flat.
    """
    return concatenate((arr, values), axis)


def stack(arrays, axis=0, out=None):
    """Join arrays of one shape along a new axis.

    Args:
        arrays (sequence of ndarray): What to join.
        axis (int): Place of the new axis.
        out (ndarray): Where to write the result.
    """
    arrays = _given("stack", arrays)
    return _stack(*arrays, num_args=len(arrays), axis=axis, out=out)


def vstack(arrays, out=None):
    """Join arrays along the first axis; those of one dimension are rows.

    Args:
        arrays (sequence of ndarray): What to join.
        out (ndarray): Where to write the result.
    """
    arrays = _given("vstack", arrays)
    return _vstack(*arrays, num_args=len(arrays), out=out)


def row_stack(arrays):
    """`vstack` under its other name."""
    return vstack(arrays)


def hstack(arrays):
    """Join arrays along the second axis, those of one dimension along the first.

    Args:
        arrays (sequence of ndarray): What to join.
    """
    arrays = _given("hstack", arrays)
    return _hstack(*arrays, num_args=len(arrays))


def dstack(arrays):
    """Join arrays along the third axis.

    Args:
        arrays (sequence of ndarray): What to join; fewer dimensions are filled up.
    """
    arrays = _given("dstack", arrays)
    return _dstack(*arrays, num_args=len(arrays))


def column_stack(tup):
    """Join arrays along the second axis; those of one dimension are columns.

    Args:
        tup (sequence of ndarray): What to join.
    """
    arrays = _given("column_stack", tup)
    return _column_stack(*arrays, num_args=len(arrays))


def _split_along(function, apply, ary, indices_or_sections, axis):
    """Cut an axis by one of the operators that cut; a list of parts."""
    if isinstance(indices_or_sections, (int, onp.integer)):
        if indices_or_sections < 1:
            raise error.ValueError(
                f"{function}: indices_or_sections={indices_or_sections} makes no part; expected at "
                "least 1"
            )
        parts = apply(ary, indices=(), axis=axis, sections=indices_or_sections)
    elif isinstance(indices_or_sections, (list, tuple, set)):
        begins = (0, *indices_or_sections)
        parts = apply(ary, indices=begins, axis=axis, sections=0)
    else:
        raise error.ValueError(
            f"{function}: indices_or_sections={indices_or_sections!r} is a "
            f"{type(indices_or_sections).__name__}; expected an int, a list or a tuple"
        )
    return [parts] if isinstance(parts, NDArray) else list(parts)


def _check_division(function, ary, sections, axis):
    """Refuse a number of parts that does not divide the axis of an array."""
    if not isinstance(sections, (int, onp.integer)) or not isinstance(ary, NDArray):
        return
    if not -ary.ndim <= axis < ary.ndim or sections < 1:
        return  # refused where the axis is cut
    if ary.shape[axis] % sections:
        raise error.ValueError(
            f"{function}: indices_or_sections={sections} does not divide the {ary.shape[axis]} "
            f"elements along axis {axis}; expected a number that does, or where parts begin"
        )


def split(ary, indices_or_sections, axis=0):
    """Cut an array into equal parts or at given places.

    Args:
        ary (ndarray): The array.
        indices_or_sections (int or tuple of int): Number of parts, or where each part after the
            first begins.
        axis (int): Along which axis.

    Returns:
        list of ndarray: The parts.

    Raises:
        ValueError: The axis cannot be divided into that many equal parts.
    """
    _check_division("split", ary, indices_or_sections, axis)
    return _split_along("split", _split, ary, indices_or_sections, axis)


def array_split(ary, indices_or_sections, axis=0):
    """`split` into parts of which the first ones may be longer by one."""
    return _split_along("array_split", _split, ary, indices_or_sections, axis)


def _check_ndim(function, ary, least):
    if isinstance(ary, NDArray) and ary.ndim < least:
        raise error.ValueError(
            f"{function}: ary has {ary.ndim} dimensions; expected at least {least}"
        )


def hsplit(ary, indices_or_sections):
    """`array_split` along the second axis, or along the only one.

    Args:
        ary (ndarray): The array.
        indices_or_sections (int or tuple of int): See `split`.
    """
    _check_ndim("hsplit", ary, 1)
    return _split_along("hsplit", _hsplit, ary, indices_or_sections, 1)


def vsplit(ary, indices_or_sections):
    """`split` of an array with at least two dimensions along the first axis.

    Args:
        ary (ndarray): The array.
        indices_or_sections (int or tuple of int): See `split`.
    """
    _check_ndim("vsplit", ary, 2)
    _check_division("vsplit", ary, indices_or_sections, 0)
    return _split_along("vsplit", _split, ary, indices_or_sections, 0)


def dsplit(ary, indices_or_sections):
    """`split` along the third axis.

    Args:
        ary (ndarray): The array.
        indices_or_sections (int or tuple of int): See `split`.
    """
    _check_ndim("dsplit", ary, 3)
    _check_division("dsplit", ary, indices_or_sections, 2)
    return _split_along("dsplit", _dsplit, ary, indices_or_sections, 2)


def _places(function, arr, obj):
    """The parameters that tell `obj`, and the arrays it adds to the operands.

    Raises:
        TypeError: It is no int, slice, list or array.
    """
    if isinstance(obj, slice):
        return {"start": obj.start, "stop": obj.stop, "step": obj.step}, []
    if isinstance(obj, (int, onp.integer)):
        return {"int_ind": int(obj)}, []
    if isinstance(obj, NDArray) and obj.ndim == 0:
        return {"int_ind": int(obj.item())}, []
    if isinstance(obj, (list, tuple, onp.ndarray)) and isinstance(arr, NDArray):
        obj = array(onp.asarray(obj, onp.int64), dtype=onp.int64, ctx=arr.context)
    if isinstance(obj, ARRAYS):
        return {}, [obj]
    raise error.TypeError(
        f"{function}: obj={obj!r} is a {type(obj).__name__}; expected an int, a slice or an array"
    )


def insert(arr, obj, values, axis=None):
    """An array with values put in.

    Args:
        arr (ndarray): The array.
        obj (int, slice or ndarray of int): The places before which they are put.
        values (number or ndarray): The values; broadcast.
        axis (int): Along which axis; None treats the array as flat.
    """
    check_array("insert", arr=arr)
    params, places = _places("insert", arr, obj)
    if isinstance(values, NUMBERS):
        params["val"], operands = float(values), [arr]
    elif isinstance(values, ARRAYS):
        operands = [arr, values]
    else:
        raise error.TypeError(
            f"insert: values is a {type(values).__name__}; expected a number or an array"
        )
    apply = _insert_slice if isinstance(obj, slice) else _insert_scalar
    apply = _insert_tensor if places else apply
    return apply(*operands, *places, axis=axis, **params)


def delete(arr, obj, axis=None):
    """An array without some of its elements.

    Args:
        arr (ndarray): The array.
        obj (int, slice or ndarray of int): Their places.
        axis (int): Along which axis; None treats the array as flat.
    """
    check_array("delete", arr=arr)
    params, places = _places("delete", arr, obj)
    return _delete(arr, *places, axis=axis, **params)
