"""Small helpers."""

import functools
import inspect
import operator
import os

from . import _core, context, error

__all__ = [
    "makedirs",
    "data_dir",
    "getenv",
    "setenv",
    "is_np_array",
    "is_np_shape",
    "set_np",
    "set_np_shape",
    "reset_np",
    "np_array",
    "np_shape",
    "use_np",
    "use_np_array",
    "use_np_shape",
    "get_gpu_count",
    "get_gpu_memory",
    "get_cuda_compute_capability",
    "set_module",
]


def makedirs(d):
    """Make a folder and those above it; nothing happens if it is there."""
    os.makedirs(os.path.expanduser(d), exist_ok=True)


def data_dir():
    """The folder for downloaded files: $MXNET_HOME or ~/.mxnet."""
    return os.environ.get("MXNET_HOME") or os.path.join(os.path.expanduser("~"), ".mxnet")


def getenv(name):
    """Value of an environment variable, or None."""
    return os.environ.get(name)


def setenv(name, value):
    """Set an environment variable for Python and for the library; None removes it."""
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = str(value)


def get_gpu_count():
    """Number of usable GPUs."""
    return _core._device_count(2)


def get_gpu_memory(gpu_dev_id):
    """Free and total bytes of a GPU."""
    return context.gpu_memory_info(gpu_dev_id)


def is_np_array():
    """False: arrays are `mx.nd.NDArray`, not those of the NumPy interface."""
    return False


def is_np_shape():
    """Whether shapes have NumPy's meaning on this thread (see `np_shape`)."""
    return _core.is_np_shape()


def shape_is_known(shape):
    """Whether rank and sizes of a shape are known, by the meaning of shapes on this thread.

    Args:
        shape (tuple of int or None): -1 is a size that is not known; unless shapes have NumPy's
            meaning, 0 is one, too, and () an unknown rank.
    """
    if shape is None:
        return False
    if _core.is_np_shape():
        return all(size >= 0 for size in shape)
    return len(shape) > 0 and all(size > 0 for size in shape)


def _no_numpy(active, who="set_np"):
    if active:
        raise error.NotImplementedError(
            f"{who}: the NumPy interface (mx.np) is not part of this release; expected programs "
            "that use mx.nd and mx.sym"
        )


def set_np(shape=True, array=True):
    """Choose the meaning of shapes; NumPy's arrays are not part of this release.

    Args:
        shape (bool): Whether shapes have NumPy's meaning on this thread (see `np_shape`).
        array (bool): Has to be false.

    Raises:
        ValueError: NumPy's arrays without NumPy's shapes.
        NotImplementedError: `array` is true.
    """
    if array and not shape:
        raise error.ValueError(
            f"set_np: array={array} with shape={shape}; NumPy's arrays need NumPy's shapes"
        )
    _no_numpy(array)
    set_np_shape(shape)


def reset_np():
    """Give shapes their legacy meaning on this thread."""
    set_np(shape=False, array=False)


def set_np_shape(active):
    """Choose whether shapes have NumPy's meaning on this thread (see `np_shape`).

    Args:
        active (bool): The choice; 0 and 1 are accepted.

    Returns:
        bool: What was chosen before.
    """
    return _core.set_np_shape(bool(operator.index(active)))


class _NumpyShapeScope:
    """Gives shapes a meaning in a ``with`` block; it may be entered again inside."""

    def __init__(self, active):
        self._active = active
        self._before = []

    def __enter__(self):
        self._before.append(set_np_shape(self._active))

    def __exit__(self, kind, value, trace):
        set_np_shape(self._before.pop())


class _NumpyArrayScope:
    def __init__(self, active):
        _no_numpy(active)

    def __enter__(self):
        pass

    def __exit__(self, kind, value, trace):
        pass


def np_shape(active=True):
    """A ``with`` block in which shapes have NumPy's meaning, or the legacy one.

    With NumPy's, 0 is the size of an axis without elements and () the shape of one number; what
    is not known is -1 or, as a whole shape, None. ``x[0]`` of a vector has the shape (). With the
    legacy meaning, which threads begin with, 0 is an unknown size, () an unknown shape, and
    ``x[0]`` has the shape (1,).

    Args:
        active (bool): Whether it is NumPy's meaning.
    """
    return _NumpyShapeScope(active)


def np_array(active=True):
    """A ``with`` block with or without NumPy arrays; only without is there."""
    return _NumpyArrayScope(active)


def _with_np_shape(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        with np_shape():
            return func(*args, **kwargs)

    return wrapper


def _member_with_np_shape(member):
    """The same for what a class holds: functions in all their forms, and properties."""
    if isinstance(member, (staticmethod, classmethod)):
        return type(member)(_with_np_shape(member.__func__))
    if isinstance(member, property):
        parts = (part and _with_np_shape(part) for part in (member.fget, member.fset, member.fdel))
        return property(*parts, member.__doc__)
    return _with_np_shape(member) if inspect.isfunction(member) else member


def use_np_shape(func):
    """Decorator for functions and classes in whose code shapes have NumPy's meaning.

    Args:
        func (callable or type): Of a class all functions and properties that it defines itself.

    Raises:
        TypeError: It is neither.
    """
    if inspect.isclass(func):
        for name, member in list(vars(func).items()):
            wrapped = _member_with_np_shape(member)
            if wrapped is not member:
                setattr(func, name, wrapped)
        return func
    if not callable(func):
        raise TypeError(
            f"use_np_shape: {func!r} is a {type(func).__name__}; expected a class or a callable"
        )
    return _with_np_shape(func)


def use_np(func):
    """Decorator for code that needs the NumPy interface, which raises when it is called."""

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        _no_numpy(True)

    return wrapper


use_np_array = use_np


def get_cuda_compute_capability(ctx):
    """The generation of a GPU, as 10 * major + minor.

    Args:
        ctx (Context): A GPU.

    Raises:
        ValueError: It is no GPU.
        OSError: There is no driver of CUDA, or it does not know the device.
    """
    if ctx.device_type != "gpu":
        raise error.ValueError(
            f"get_cuda_compute_capability: ctx={ctx}; Expecting a gpu context to get cuda compute "
            "capability"
        )
    import ctypes

    try:
        cuda = ctypes.CDLL("libcuda.so.1")
    except OSError as cause:
        raise OSError(
            f"get_cuda_compute_capability: the driver of CUDA cannot be loaded ({cause})"
        ) from cause
    device, major, minor = ctypes.c_int(), ctypes.c_int(), ctypes.c_int()
    for status in (
        cuda.cuInit(0),
        cuda.cuDeviceGet(ctypes.byref(device), ctx.device_id),
        cuda.cuDeviceComputeCapability(ctypes.byref(major), ctypes.byref(minor), device),
    ):
        if status:
            raise OSError(f"get_cuda_compute_capability: ctx={ctx}: CUDA says error {status}")
    return 10 * major.value + minor.value


def set_module(module):
    """Decorator that sets the module that a function says it belongs to."""

    def decorator(func):
        if module is not None:
            func.__module__ = module
        return func

    return decorator
