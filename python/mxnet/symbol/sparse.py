"""Operators of sparse arrays; each is the one of `mxnet.symbol`, whose kernel follows the data."""

from .. import _core
from .._namespace import PREFIXES, operator_module

__getattr__, __dir__ = operator_module(__name__, _core.symbol_function, (PREFIXES["sparse"], ""))
