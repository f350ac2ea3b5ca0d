"""The symbol class and the functions that make and combine symbols."""

import os

import numpy as np

from .. import _core, _files, error
from .._core import Symbol
from ..attribute import AttrScope
from . import _arithmetic, _creation
from ._methods import SymbolMethods

__all__ = [
    "Symbol",
    "Variable",
    "var",
    "Group",
    "load",
    "load_json",
    *_arithmetic.__all__,
    *_creation.__all__,
]

for _module in (_arithmetic, _creation):
    globals().update((_name, getattr(_module, _name)) for _name in _module.__all__)

Symbol.__module__ = __name__
for _name, _value in vars(SymbolMethods).items():
    if _name not in ("__module__", "__doc__", "__dict__", "__weakref__", "__qualname__"):
        setattr(Symbol, _name, _value)
for _name in _core.operator_methods():
    if _name not in vars(Symbol):
        setattr(Symbol, _name, _core.symbol_function(_name, _name, __name__))

_STORAGE_TYPES = {"default": 0, "row_sparse": 1, "csr": 2}


def _plain(shape):
    """A shape whose numbers are Python's own: those of NumPy are written as np.int64(2)."""
    if not isinstance(shape, (tuple, list)):
        return shape
    return type(shape)(size.item() if isinstance(size, np.integer) else size for size in shape)


def var(
    name,
    attr=None,
    shape=None,
    lr_mult=None,
    wd_mult=None,
    dtype=None,
    init=None,
    stype=None,
    **kwargs,
):
    """A named input of a computation.

    Args:
        name (str): The name.
        attr (dict of str to str): Attributes.
        shape (tuple of int): Dimensions; 0 for one that is not known.
        lr_mult (float): What the learning rate of this input is multiplied by.
        wd_mult (float): What the weight decay of this input is multiplied by.
        dtype (str or type): Type of the elements.
        init (Initializer or str): How it is initialised.
        stype (str): Kind of storage.
        **kwargs (str): Further attributes with names such as ``__hidden__``.

    Raises:
        TypeError: The name is no string.
        ValueError: An attribute is no string, or a further one has another kind of name.
    """
    if not isinstance(name, str):
        raise error.TypeError(
            f"Variable: name={name!r} is of type {type(name).__name__}; expected a string"
        )
    attrs = AttrScope.current.get(attr)
    for key, value in attrs.items():
        if not isinstance(value, str):
            raise error.ValueError(
                f"Variable: attribute {key}={value!r} is of type {type(value).__name__}; expected "
                "a string"
            )
    given = {
        "__shape__": _plain(shape),
        "__lr_mult__": lr_mult,
        "__wd_mult__": wd_mult,
        "__dtype__": None if dtype is None else _core.dtype_code(dtype),
        "__init__": init.dumps() if hasattr(init, "dumps") else init,
        "__storage_type__": None if stype is None else _STORAGE_TYPES[stype],
    }
    attrs.update((key, str(value)) for key, value in given.items() if value is not None)
    for key, value in kwargs.items():
        if not (key.startswith("__") and key.endswith("__")):
            raise error.ValueError(
                f"Variable: {key}={value!r} is not an attribute; expected a name that "
                "begins and ends with two underscores"
            )
        attrs[key] = str(value)
    return _core.variable(name, attrs)


Variable = var


def Group(symbols, create_fn=None):
    """Several symbols as one with all their outputs.

    Args:
        symbols (list of Symbol): What to group.
        create_fn (function): Has no effect.

    Raises:
        TypeError: Something else than a list of symbols was given, or an empty one.
    """
    symbols = list(symbols) if not isinstance(symbols, Symbol) else [symbols]
    if not symbols or not all(isinstance(symbol, Symbol) for symbol in symbols):
        raise error.TypeError("Group: expected a list of symbols as input")
    return _core.group(symbols)


def load(fname):
    """Read a symbol from a JSON file that any version of MXNet from 0.7 on wrote.

    Args:
        fname (str): The file, or the URI of an object (docs/data.md).

    Raises:
        TypeError: The name is no string.
        MXNetError: The file cannot be read or does not hold a symbol.
    """
    if not isinstance(fname, (str, os.PathLike)):
        raise error.TypeError(
            f"load: fname={fname!r} is of type {type(fname).__name__}; expected a string"
        )
    if _files.is_remote(fname):
        return _load_remote(os.fspath(fname))
    return _core.load_symbol_file(_files.local_path(fname))


def _load_remote(uri):
    data = _files.read_bytes(uri, "load")
    try:
        return _core.load_symbol_json(data.decode(), uri)
    except UnicodeDecodeError as cause:
        raise error.ValueError(
            f"{uri}: is no text ({cause}); a symbol as JSON is expected"
        ) from cause


def load_json(json_str):
    """A symbol from the text that `Symbol.tojson` gives.

    Raises:
        TypeError: The text is no string.
        MXNetError: It does not describe a symbol.
    """
    if not isinstance(json_str, str):
        raise error.TypeError(
            f"load_json: json_str is of type {type(json_str).__name__}; expected a string"
        )
    return _core.load_symbol_json(json_str, "symbol JSON")
