"""Experimental operators: those whose name in the registry begins with _contrib_."""

from .. import _core
from .._namespace import PREFIXES, operator_module
from ._control_flow import cond, foreach, while_loop  # noqa: F401, offered here
from ._update_functions import adamw_update, mp_adamw_update  # noqa: F401, offered here

__getattr__, __dir__ = operator_module(__name__, _core.symbol_function, (PREFIXES["contrib"],))
