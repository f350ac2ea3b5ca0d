"""Linear algebra with symbols of `mx.np`."""

from ...numpy import linalg as _linalg

__all__ = list(_linalg.OF_SYMBOLS)

globals().update((name, getattr(_linalg, name)) for name in __all__)
