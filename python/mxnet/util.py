"""Small helpers."""

import os

from . import _core, _numpy_mode, context, error
from ._numpy_mode import (
    is_np_array,
    is_np_shape,
    np_array,
    np_shape,
    np_ufunc_legal_option,
    reset_np,
    set_np,
    set_np_shape,
    use_np,
    use_np_array,
    use_np_shape,
    wrap_np_binary_func,
    wrap_np_unary_func,
)

__all__ = [
    "makedirs",
    "data_dir",
    "getenv",
    "setenv",
    "get_gpu_count",
    "get_gpu_memory",
    "get_cuda_compute_capability",
    "set_module",
    "is_np_array",
    "is_np_shape",
    "np_array",
    "np_shape",
    "np_ufunc_legal_option",
    "reset_np",
    "set_np",
    "set_np_shape",
    "use_np",
    "use_np_array",
    "use_np_shape",
    "wrap_np_binary_func",
    "wrap_np_unary_func",
]

for _function in _numpy_mode.__all__:  # where programs find them
    getattr(_numpy_mode, _function).__module__ = __name__


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
