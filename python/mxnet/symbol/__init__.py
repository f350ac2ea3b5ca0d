"""Symbols: computations on named inputs that are put together first and run later."""

import importlib

from .. import _core
from .._namespace import operator_module
from . import _internal, contrib, image, linalg, op, random, sparse
from .symbol import *

_SHORT = {"np": "numpy", "npx": "numpy_extension"}

_find_operator, _names = operator_module(__name__, _core.symbol_function)


def __getattr__(name):
    if name in ("numpy", "numpy_extension", *_SHORT):
        return importlib.import_module(f"{__name__}.{_SHORT.get(name, name)}")
    return _find_operator(name)


def __dir__():
    return sorted({*_names(), *_SHORT})
