"""Settings of the engine that runs operations."""

import operator

__all__ = ["bulk", "set_bulk_size"]

_bulk_size = 15


def set_bulk_size(size):
    """Set how many operations are put together into one; accepted for compatibility.

    Small operations run at once in the caller's thread, so there is nothing to put together.

    Args:
        size (int): The number.

    Returns:
        int: The number set before.
    """
    global _bulk_size
    size = operator.index(size)
    before, _bulk_size = _bulk_size, size
    return before


class _Bulk:
    def __init__(self, size):
        self._size = size

    def __enter__(self):
        self._before = set_bulk_size(self._size)

    def __exit__(self, kind, value, trace):
        set_bulk_size(self._before)


def bulk(size):
    """A ``with`` block with another bulk size; see `set_bulk_size`."""
    return _Bulk(size)
