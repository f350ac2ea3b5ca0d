"""The functions of `mx.np` for symbols."""

import importlib

from ._symbol import _Symbol as _Symbol

# What `mx.np` has for arrays only.
_OF_ARRAYS = {"array", "empty", "ndarray", "nonzero", "set_printoptions", "genfromtxt"}


def _names():
    """Names of the functions, and the module of `mx.np` that has those that take symbols."""
    from ...numpy import fallback, multiarray  # needs _Symbol

    return set(multiarray.__all__) - _OF_ARRAYS - set(fallback.__all__), multiarray


def __getattr__(name):
    if name in ("linalg", "random"):
        return importlib.import_module(f"{__name__}.{name}")
    if not name.startswith("_"):
        names, functions = _names()
        creation = importlib.import_module(f"{__name__}._creation")
        if name in creation.__all__:
            functions = creation
        if name in names:
            globals()[name] = getattr(functions, name)
            return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted({*_names()[0], "linalg", "random"})
