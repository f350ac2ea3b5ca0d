"""Symbols of random arrays."""

from .. import _core
from .._core import Symbol
from .._namespace import operator_module
from .._random_functions import make_functions
from . import _internal

__getattr__, __dir__ = operator_module(__name__, _core.symbol_function, ("_random_", "_sample_"))
_FUNCTIONS = make_functions(Symbol, _internal, __name__, get_prob=True)
globals().update(_FUNCTIONS)
__all__ = list(_FUNCTIONS)
