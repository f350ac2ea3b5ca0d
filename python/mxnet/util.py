"""Small helpers."""

import functools
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
    """False: 0 in the shape of a symbol is a size that is not known."""
    return False


def _no_numpy(active):
    if active:
        raise error.NotImplementedError(
            "set_np: the NumPy interface (mx.np) is not part of this "
            "release; expected programs that use mx.nd and mx.sym"
        )


def set_np(shape=True, array=True):
    """Switch the NumPy interface on, which is not part of this release.

    Raises:
        NotImplementedError: Unless both arguments are false.
    """
    _no_numpy(shape or array)


def reset_np():
    """Switch the NumPy interface off, as it is."""


def set_np_shape(active):
    """Switch the NumPy meaning of shapes on or off.

    Returns:
        bool: Whether it was on.

    Raises:
        NotImplementedError: `active` is true.
    """
    _no_numpy(active)
    return False


class _NumpyScope:
    def __init__(self, active):
        _no_numpy(active)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        pass


def np_shape(active=True):
    """A ``with`` block with or without the NumPy meaning of shapes; only without is there."""
    return _NumpyScope(active)


def np_array(active=True):
    """A ``with`` block with or without NumPy arrays; only without is there."""
    return _NumpyScope(active)


def use_np(func):
    """Decorator for code that needs the NumPy interface, which raises when it is called."""

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        _no_numpy(True)

    return wrapper


use_np_array = use_np_shape = use_np


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
