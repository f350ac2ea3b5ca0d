"""Arrays that share memory with other libraries (DLPack and NumPy).

Whoever shares memory orders the work on it: an array waits for its own work when its memory is
lent, and `NDArray.wait_to_read` must be called before the other library reads what was computed
later. Memory that is lent stays where it is; copies of such an array are real copies.
"""

import numpy as np

from .. import _core, error
from .._core import NDArray
from ._creation import array

__all__ = ["from_numpy", "from_dlpack", "to_dlpack_for_read", "to_dlpack_for_write"]


def from_numpy(ndarray, zero_copy=True, array_cls=NDArray):
    """An array with the elements and the type of a NumPy array.

    Args:
        ndarray (numpy.ndarray): The source.
        zero_copy (bool): Whether to use its memory. It must be C-contiguous then, and becomes
            read-only; what is written to the new array shows in it.
        array_cls (type): Accepted for compatibility.

    Raises:
        TypeError: The source is no NumPy array, or its type is none of arrays.
        ValueError: The source is not C-contiguous although `zero_copy` is asked for.
    """
    if not isinstance(ndarray, np.ndarray):
        raise error.TypeError(
            f"from_numpy: ndarray is a {type(ndarray).__name__}; a numpy.ndarray is expected"
        )
    if not zero_copy:
        return array(ndarray, dtype=ndarray.dtype)
    if not ndarray.flags["C_CONTIGUOUS"]:
        raise error.ValueError(
            "from_numpy: ndarray is not C-contiguous; expected a contiguous array or "
            "zero_copy=False"
        )
    shared = _core._share_numpy(ndarray, ndarray.dtype)
    ndarray.flags["WRITEABLE"] = False
    return shared


def from_dlpack(dlpack):
    """An array in memory of another library.

    Args:
        dlpack: A DLPack capsule that nobody has taken yet, or an object with ``__dlpack__``, as
            arrays of PyTorch and NumPy have it. C-contiguous.

    Raises:
        ValueError: It is something else, was taken before, or is not contiguous.
        TypeError: The elements have a type that arrays do not have.

    Example:
        >>> x = mx.nd.from_dlpack(torch_tensor)
    """
    return _core._from_dlpack(dlpack)


def to_dlpack_for_read(data):
    """A DLPack capsule of the array's memory, for a library that reads it.

    Args:
        data (NDArray): A dense array. All work on it is waited for.

    Returns:
        capsule: To be taken once, with ``from_dlpack`` of another library.
    """
    return _core._to_dlpack(data)


def to_dlpack_for_write(data):
    """A DLPack capsule of the array's memory, for a library that writes it.

    Args:
        data (NDArray): A dense array. All work on it is waited for.

    Returns:
        capsule: To be taken once, with ``from_dlpack`` of another library.
    """
    return _core._to_dlpack(data)
