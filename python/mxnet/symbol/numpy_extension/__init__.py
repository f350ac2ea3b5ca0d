"""The operators of `mx.npx` for symbols: those whose name in the registry begins with _npx_."""

import importlib

from ... import _core
from ..._namespace import operator_module

_find, __dir__ = operator_module(__name__, _core.symbol_function, ("_npx_",))


def __getattr__(name):
    if name in ("image", "random"):
        return importlib.import_module(f"{__name__}.{name}")
    return _find(name)
