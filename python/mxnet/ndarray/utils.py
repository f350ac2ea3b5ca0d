"""Reading and writing arrays, and functions that make dense or sparse ones."""

import os

from .. import _core, _files, error
from .._core import NDArray
from . import _creation

__all__ = ["zeros", "empty", "array", "load", "load_frombuffer", "save"]


def _module(stype):
    if stype in (None, "default"):
        return None
    from . import sparse

    return sparse


def zeros(shape, ctx=None, dtype=None, stype=None, **kwargs):
    """An array of zeros.

    Args:
        shape (int or tuple of int): Dimensions.
        ctx (Context): Where to make it; None is the current context.
        dtype (str or type): None is float32.
        stype (str): Kind of storage: 'default', 'csr' or 'row_sparse'.
    """
    sparse = _module(stype)
    if sparse:
        return sparse.zeros(stype, shape, ctx, dtype)
    return _creation.zeros(shape, ctx, dtype, **kwargs)


def empty(shape, ctx=None, dtype=None, stype=None):
    """An array whose elements are not set; see `zeros` for the arguments."""
    sparse = _module(stype)
    return sparse.zeros(stype, shape, ctx, dtype) if sparse else _creation.empty(shape, ctx, dtype)


def array(source_array, ctx=None, dtype=None):
    """An array with the elements of a list, a NumPy array, a SciPy matrix or another array.

    Args:
        source_array (array_like): The elements.
        ctx (Context): Where to make it; None is the current context.
        dtype (str or type): None is the type of an array of this library, and float32 for
            anything else.
    """
    if hasattr(source_array, "tocsr") or getattr(source_array, "stype", "default") != "default":
        from . import sparse

        return sparse.array(source_array, ctx, dtype)
    return _creation.array(source_array, ctx, dtype)


def load(fname):
    """Read arrays from a file that `save` of this library or any version of MXNet wrote.

    Args:
        fname (str): The file, or the URI of an object (docs/data.md).

    Returns:
        list of NDArray or dict of str to NDArray: As it was saved.

    Raises:
        TypeError: The name is no string.
        MXNetError: The file cannot be read or is damaged; the message names the place.
    """
    if not isinstance(fname, (str, os.PathLike)):
        raise error.TypeError(
            f"load: fname={fname!r} is of type {type(fname).__name__}; expected a string"
        )
    if _files.is_remote(fname):
        return _named(*_core.parse_params(_files.read_bytes(fname, "load"), os.fspath(fname)))
    return _named(*_core.load_params(_files.local_path(fname)))


def load_frombuffer(buf):
    """Read arrays from the contents of such a file.

    Args:
        buf (bytes): The contents.
    """
    if isinstance(buf, str):
        raise error.TypeError("load_frombuffer: buf is a string; expected bytes")
    return _named(*_core.parse_params(buf, "buffer"))


def _named(arrays, names):
    return dict(zip(names, arrays)) if names else arrays


def save(fname, data):
    """Write arrays to a file, which replaces an old one in one step.

    Args:
        fname (str): The file, or the URI of an object.
        data (NDArray, list of NDArray or dict of str to NDArray): What to write.

    Raises:
        TypeError: Something else was given.
        MXNetError: The file cannot be written.
    """
    if isinstance(data, NDArray):
        data = [data]
    names, arrays = [], data
    if isinstance(data, dict):
        names, arrays = list(data), list(data.values())
    elif not isinstance(data, (list, tuple)):
        raise error.ValueError(
            "save: data needs to be an NDArray, a list of NDArrays or a dict of str "
            f"to NDArray; got {type(data).__name__}"
        )
    if not all(isinstance(n, str) for n in names) or not all(
        isinstance(a, NDArray) for a in arrays
    ):
        raise error.TypeError(
            "save: only a dict of str to NDArray or a list of NDArrays is accepted"
        )
    _files.write_by(lambda path: _core.save_params(path, arrays, names), fname, "save")
