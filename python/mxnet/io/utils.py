"""Turning what users pass as data into named arrays."""

import numpy as np

from .. import _elsewhere, error
from .. import ndarray as nd
from .._numpy_mode import of_mode

__all__ = []

__getattr__ = _elsewhere.getter(__name__, {"_init_data": "io.io"})


def as_shape(shape):
    """A shape as a tuple; it may be given as one number."""
    return (shape,) if isinstance(shape, (int, np.integer)) else tuple(shape)


def check_given(owner, **arguments):
    """Refuse arguments that were left out, with the error that readers in C++ have for it.

    Raises:
        ValueError: One is None.
    """
    for name, value in arguments.items():
        if value is None:
            raise error.ValueError(f"{owner}: {name} is missing; it is expected")


def checked_batch_size(value, owner):
    """`value` as an int of at least 1.

    Raises:
        TypeError: It is no integer.
        ValueError: It is too small.
    """
    if not hasattr(value, "__index__"):
        raise error.TypeError(
            f"{owner}: batch_size={value!r} is a {type(value).__name__}; an int is expected"
        )
    if value < 1:
        raise error.ValueError(f"{owner}: batch_size={value} is too small; at least 1 is expected")
    return int(value)


PART_HANDLES = ("pad", "discard", "keep")


def check_part(num_parts, part_index, owner, handle="pad", kind=error.ValueError):
    """Refuse a part that does not exist, and an unknown `part_handle`.

    Raises:
        ValueError: With the name of `owner`; an error of the class `kind`.
    """
    if num_parts < 1 or not 0 <= part_index < num_parts:
        raise kind(
            f"{owner}: part_index={part_index} is out of range; 0 to num_parts-1={num_parts - 1} "
            "is expected"
        )
    if handle not in PART_HANDLES:
        raise kind(
            f"{owner}: part_handle={handle!r} is unknown; one of {', '.join(PART_HANDLES)} is "
            "expected"
        )


def part_rows(count, num_parts, part_index, owner, handle="pad"):
    """The rows of one of several parts.

    Args:
        count (int): Number of rows in all.
        num_parts (int): In how many parts they are divided.
        part_index (int): Which part.
        owner (str): Who asks, for error messages.
        handle (str): ``pad``: all parts have the same number of rows, of which some may be in two;
            ``discard``: the same, and fewer rows than there are parts are in none; ``keep``: each
            row is in one part, and the last parts may be shorter.

    Returns:
        slice: The rows.

    Raises:
        ValueError: There is no such part.
    """
    check_part(num_parts, part_index, owner, handle)
    size = count // num_parts if handle == "discard" else -(-count // num_parts)
    begin = min(size * part_index, count - size if handle == "pad" else count)
    return slice(begin, min(begin + size, count))


def named_arrays(source, allow_empty, default_name, owner):
    """Name the arrays in `source`, converting to NDArray what is not one.

    Args:
        source: An array, a list of arrays or a dict of arrays by name; None when `allow_empty`.
        allow_empty (bool): Whether no array at all is accepted.
        default_name (str): Name of a single array; several get a number in front of it.
        owner (str): Who asks, for error messages.

    Returns:
        list of (str, NDArray): Dict entries in the order of their names, float32 unless the
        array was an NDArray.
    """
    if source is None:
        source = []
    if isinstance(source, (np.ndarray, nd.NDArray)) or _is_array_like(source):
        source = [source]
    if isinstance(source, (list, tuple)):
        if not source and not allow_empty:
            raise error.AssertedValueError(
                f"{owner}: {default_name} is empty; at least one array is expected"
            )
        if len(source) == 1:
            named = {default_name: source[0]}
        else:
            named = {f"_{i}_{default_name}": array for i, array in enumerate(source)}
    elif isinstance(source, dict):
        named = source
    else:
        raise error.TypeError(
            f"{owner}: {default_name} is a {type(source).__name__}; an NDArray, a "
            "NumPy array, a list of them or a dict of them by name is expected"
        )
    return (
        [(name, _to_ndarray(named[name], name, owner)) for name in sorted(named)]
        if isinstance(source, dict)
        else [(name, _to_ndarray(array, name, owner)) for name, array in named.items()]
    )


def _is_array_like(source):
    """Whether `source` is an array of another library (h5py, for one) that NumPy can read."""
    return hasattr(source, "shape") and hasattr(source, "__array__")


def _to_ndarray(array, name, owner):
    try:
        array = of_mode(array if isinstance(array, nd.NDArray) else nd.array(array))
        if array.ndim == 0:
            raise error.ValueError("it has no dimension")
        return array
    except Exception as cause:
        raise error.TypeError(
            f"{owner}: {name} is a {type(array).__name__} that does not convert to "
            f"an NDArray ({cause}); numbers in a rectangular array are "
            "expected"
        ) from cause
