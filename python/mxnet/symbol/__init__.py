"""Symbols: computations on named inputs that are put together first and run later."""

from .. import _core
from .._namespace import operator_module
from . import _internal, contrib, image, linalg, op, random, sparse
from .symbol import *

_find_operator, __dir__ = operator_module(__name__, _core.symbol_function)


def __getattr__(name):
    return _find_operator(name)
