"""Symbols of arrays that are made from nothing."""

from ... import _core
from ...numpy._creation import Creation
from ...numpy._ops import symbol_operator

_FUNCTIONS = Creation(symbol_operator, _core.current_context).functions()
globals().update(_FUNCTIONS)
__all__ = list(_FUNCTIONS)
