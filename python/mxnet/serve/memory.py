"""How the memory of a server's process is kept."""

import ctypes

__all__ = ["keep_freed_memory"]

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # names of glibc's parameters
_KEPT, _LARGEST = 256 * 2**20, 32 * 2**20


def keep_freed_memory():
    """Let the process keep memory that it has freed, for the next requests.

    By default glibc gives large pieces back to the system at once, and the next request pays for
    each page anew: on a virtual machine several times what copying its body costs. Up to 256 MiB
    are kept in each of its arenas. Where the library of C is another one nothing happens.
    """
    set_parameter = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_parameter is not None:
        set_parameter(_TRIM_THRESHOLD, _KEPT)
        set_parameter(_MMAP_THRESHOLD, _LARGEST)
