"""Image operators for symbols: those whose name in the registry begins with _npx__image_."""

from ... import _core
from ..._namespace import operator_module

__getattr__, __dir__ = operator_module(__name__, _core.symbol_function, ("_npx__image_",))
