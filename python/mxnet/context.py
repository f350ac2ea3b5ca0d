"""Where arrays live and operators run."""

from . import _core, _scope
from ._core import Context, current_context

__all__ = [
    "Context",
    "cpu",
    "gpu",
    "cpu_pinned",
    "current_context",
    "num_gpus",
    "gpu_memory_info",
    "memory_stats",
    "reset_memory_stats",
]

Context.__module__ = __name__
Context.devtype2str = {1: "cpu", 2: "gpu", 3: "cpu_pinned", 5: "cpu_shared"}
Context.devstr2type = {name: number for number, name in Context.devtype2str.items()}


def _enter(self):
    outer = self.__dict__.setdefault("_outer", [])
    outer.append(current_context())
    _core._set_current_context(self)
    return self


def _exit(self, kind, value, trace):
    _core._set_current_context(self._outer.pop())


def _empty_cache(self):
    """Give memory that the pool of this device keeps for reuse back to the system."""
    _core._release_kept_memory(self)


Context.__enter__ = _enter
Context.__exit__ = _exit
Context.empty_cache = _empty_cache
Context._default_ctx = _scope.Current(Context, "default_ctx")


def cpu(device_id=0):
    """The CPU's memory; the number makes no difference but is kept."""
    return Context("cpu", device_id)


def gpu(device_id=0):
    """A GPU. Whether it can be used shows when the first array is made there."""
    return Context("gpu", device_id)


def cpu_pinned(device_id=0):
    """Memory of the CPU that a GPU copies from and to directly."""
    return Context("cpu_pinned", device_id)


def num_gpus():
    """Number of usable GPUs; 0 without the CUDA plug-in, a driver or a device."""
    return _core._device_count(2)


def gpu_memory_info(device_id=0):
    """Free and total memory of a GPU.

    Returns:
        tuple of int: Free bytes and total bytes.

    Raises:
        MXNetError: There is no such GPU.
    """
    return _core._memory_info(gpu(device_id))


def memory_stats(ctx=None):
    """How much memory arrays and their operators use on a device.

    Args:
        ctx (Context): The device; None is the current context.

    Returns:
        dict of str to int: `bytes_in_use` now, `peak_bytes_in_use` since the start or the last
        reset, `bytes_pooled` (freed, and kept for reuse), `num_allocations` (how often memory was
        asked for) and `num_device_allocations` (how often the pool had none). Sizes are rounded as
        the pool does it; work that is still queued may hold memory of arrays that are gone.
    """
    return _core._memory_stats(ctx or current_context())


def reset_memory_stats(ctx=None):
    """Let the peak and the numbers of allocations of `memory_stats` begin anew.

    Args:
        ctx (Context): The device; None is the current context.
    """
    _core._reset_memory_stats(ctx or current_context())
