"""Things that all modules share, and helpers that older programs import from here."""

import ctypes
import os

import numpy as np

from . import util
from ._core import _Null
from .error import _CLASS_OF_KIND, MXNetError
from .error import NotImplementedForSymbol as NotImplementedForSymbol
from .error import NotSupportedForSparseNDArray as NotSupportedForSparseNDArray
from .error import TypeError as _TypeError
from .error import register_error as register_error

__all__ = ["MXNetError"]

string_types = (str,)
integer_types = (int, np.int32, np.int64)
numeric_types = (float, int, np.generic)
long, basestring = int, str
mx_real_t = np.float32
error_types = _CLASS_OF_KIND
_NULL = _Null
_NullType = type(_Null)

mx_int, mx_int64, mx_uint, mx_float = (
    ctypes.c_int,
    ctypes.c_int64,
    ctypes.c_uint,
    ctypes.c_float,
)
mx_float_p = ctypes.POINTER(mx_float)

# The types of MXNet's handles. Arrays and symbols of this library have none; the names are here for
# programs that mention them.
NDArrayHandle = SymbolHandle = ExecutorHandle = KVStoreHandle = ctypes.c_void_p
FunctionHandle = OpHandle = CachedOpHandle = DataIterHandle = ctypes.c_void_p
DataIterCreatorHandle = RecordIOHandle = ProfileHandle = DLPackHandle = ctypes.c_void_p
RtcHandle = CudaModuleHandle = CudaKernelHandle = ctypes.c_void_p


def data_dir_default():
    """The folder for downloaded files where $MXNET_HOME is not set: ~/.mxnet."""
    return os.path.join(os.path.expanduser("~"), ".mxnet")


def data_dir():
    """The folder for downloaded files: $MXNET_HOME or ~/.mxnet."""
    return util.data_dir()


def _as_list(value):
    """A list or tuple as it is; anything else in a list."""
    return value if isinstance(value, (list, tuple)) else [value]


# C values


def py_str(data):
    """The text of bytes in UTF-8."""
    return data.decode("utf-8")


def c_str(string):
    """A text as a C string in UTF-8."""
    return ctypes.c_char_p(string.encode("utf-8"))


def c_array(ctype, values):
    """A C array of the type `ctype` with these values."""
    return (ctype * len(values))(*values)


def c_array_buf(ctype, buf):
    """A C array of the type `ctype` that shares the memory of a writable buffer, such as an
    `array.array`."""
    return (ctype * len(buf)).from_buffer(buf)


def c_str_array(strings):
    """Texts as a C array of C strings in UTF-8."""
    return c_array(ctypes.c_char_p, [string.encode("utf-8") for string in strings])


def c_handle_array(objs):
    """The attribute `handle` of each object, as a C array of pointers."""
    return c_array(ctypes.c_void_p, [ctypes.cast(obj.handle, ctypes.c_void_p) for obj in objs])


def _check_pointer(function, pointer, ctype):
    if not isinstance(pointer, ctypes.POINTER(ctype)):
        raise _TypeError(
            f"{function}: cptr is a {type(pointer).__name__}; a pointer to {ctype.__name__} is "
            "expected"
        )


def ctypes2buffer(cptr, length):
    """A copy of `length` bytes from a pointer to char, as a bytearray.

    Raises:
        TypeError: It is no pointer to char.
    """
    _check_pointer("ctypes2buffer", cptr, ctypes.c_char)
    return bytearray(ctypes.string_at(cptr, length))


def ctypes2numpy_shared(cptr, shape):
    """The memory behind a pointer to float, as a NumPy array of this shape; nothing is copied.

    Raises:
        TypeError: It is no pointer to float.
    """
    _check_pointer("ctypes2numpy_shared", cptr, mx_float)
    return np.ctypeslib.as_array(cptr, shape=tuple(shape))


def check_call(ret):
    """Raise an error for a status of a C function that is not 0.

    Raises:
        MXNetError: The status is not 0.
    """
    if ret != 0:
        raise MXNetError(f"check_call: ret={ret} tells of a failure; 0 is expected")


# Classes and documents


def with_metaclass(meta, *bases):
    """A base class for ``class Thing(with_metaclass(meta, Base))``: Thing gets the metaclass `meta`
    and the bases `bases` alone."""

    class Stand(type):
        def __new__(cls, name, _, namespace):
            return meta(name, bases, namespace)

    return type.__new__(Stand, "stand", (), {})


class _ClassProperty:
    """A property of a class; see `classproperty`."""

    def __init__(self, getter):
        self._getter = getter

    def __get__(self, instance, owner=None):
        return self._getter.__get__(instance, type(instance) if owner is None else owner)()


def classproperty(func):
    """Decorator for a property that is read from the class as well as from its instances."""
    return _ClassProperty(
        func if isinstance(func, (classmethod, staticmethod)) else classmethod(func)
    )


def build_param_doc(arg_names, arg_types, arg_descs, remove_dup=True):
    """The section "Parameters" of a docstring.

    Args:
        arg_names (list of str): Names; `num_args` is left out.
        arg_types (list of str): Their types.
        arg_descs (list of str): What they are; may be empty.
        remove_dup (bool): Whether of several arguments of one name only the first is described.
    """
    lines, seen = ["Parameters", "----------"], set()
    for name, kind, text in zip(arg_names, arg_types, arg_descs):
        if name == "num_args" or (remove_dup and name in seen):
            continue
        seen.add(name)
        lines.append(f"{name} : {kind}")
        if text:
            lines.append(f"    {text}")
    return "\n".join(lines) + "\n"
