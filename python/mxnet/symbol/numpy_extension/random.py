"""Symbols of random numbers beyond those of NumPy."""

from ... import _core
from ...numpy._ops import symbol_operator
from ...numpy_extension._random_functions import RandomExtension

_FUNCTIONS = RandomExtension(symbol_operator, _core.current_context).functions()
globals().update(_FUNCTIONS)
__all__ = list(_FUNCTIONS)
