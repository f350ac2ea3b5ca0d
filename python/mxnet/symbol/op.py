"""All operators without a prefix."""

from .. import _core
from .._namespace import operator_module

__getattr__, __dir__ = operator_module(__name__, _core.symbol_function)
