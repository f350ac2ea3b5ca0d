"""Experimental operators: those whose name in the registry begins with _contrib_."""

from .. import _core
from .._namespace import PREFIXES, operator_module
from . import _contrib_functions, _update_functions

__getattr__, __dir__ = operator_module(__name__, _core.op_function, (PREFIXES["contrib"],))
for _functions in (_contrib_functions, _update_functions):
    globals().update((_name, getattr(_functions, _name)) for _name in _functions.__all__)
