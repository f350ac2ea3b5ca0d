"""Refuses a processor for which the library is not compiled, before any of its code runs."""

from . import _cpu

__all__ = []

if _cpu.missing_features():
    raise ImportError(
        f"import mxnet: this processor lacks {_cpu.missing_features().replace(' ', ', ')}; one of "
        f"the level {_cpu.baseline} or above is expected"
    )
