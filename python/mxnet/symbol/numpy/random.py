"""Symbols of random numbers with the interface of `mx.np`."""

from ...numpy._ops import symbol_operator
from ...numpy._random_functions import Random

_FUNCTIONS = Random(symbol_operator).functions()
globals().update(_FUNCTIONS)
__all__ = list(_FUNCTIONS)
