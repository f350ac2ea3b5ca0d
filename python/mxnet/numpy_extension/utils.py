"""Files of arrays."""

from .. import error
from .. import ndarray as nd
from ..ndarray import utils as _files

__all__ = ["save", "load"]


def save(file, arr):
    """Write arrays to a file, in the format of `mx.nd.save`.

    Args:
        file (str): The file.
        arr (ndarray, list of ndarray or dict of str to ndarray): The arrays, of any shape and type.

    Raises:
        ValueError: It is something else.
        TypeError: The list or dict holds something else.
    """
    from ..numpy import ndarray

    if isinstance(arr, ndarray):
        arr = [arr]
    if not isinstance(arr, (list, dict)):
        raise error.ValueError(
            f"save: arr is of type {type(arr).__name__}; expected an array of mx.np, or a list or "
            "dict of them"
        )
    for each in arr.values() if isinstance(arr, dict) else arr:
        if not isinstance(each, ndarray):
            raise error.TypeError(
                f"save: arr holds an object of type {type(each).__name__}; expected arrays of mx.np"
            )
    nd.save(file, arr)


def load(file):
    """Read the arrays of a file that `save` or `mx.nd.save` wrote.

    Args:
        file (str): The file.

    Returns:
        list of ndarray or dict of str to ndarray: As they were saved; one array is a list of one.

    Raises:
        TypeError: The name is no string.
        MXNetError: The file cannot be read or does not hold arrays.
    """
    found = _files.load(file)
    if isinstance(found, dict):
        return {name: array.as_np_ndarray() for name, array in found.items()}
    return [array.as_np_ndarray() for array in found]
