"""Symbols of random numbers with the interface of `mx.np`."""

from ... import _core
from ...numpy._ops import symbol_operator
from ...numpy._random_functions import Random

_FUNCTIONS = Random(symbol_operator, _core.current_context).functions()
globals().update(_FUNCTIONS)
__all__ = list(_FUNCTIONS)
