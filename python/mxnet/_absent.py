"""Names of MXNet 1.9.1 that this version does not have, and how they say so.

A name that nobody ever had is a misspelling; one of these is a program that this version cannot
run, which the error says. What comes into this library is taken off the table; a test looks for it.
"""

import sys

__all__ = ["message", "getter", "install_finder"]

_SYMBOLS = "networks are written with mxnet.symbol and trained with mxnet.module.Module"
_STORES = "the ranks of a job keep its parameters (docs/scaling.md)"
_PICTURES = "pictures are read with mxnet.image.ImageIter"

# Modules and what is in them, by full name, with what there is in their place.
_NAMES = {
    "mxnet.api": "it is internal to MXNet 1.9.1",
    "mxnet.kvstore.KVStoreServer": _STORES,
    "mxnet.kvstore.kvstore_server": _STORES,
    "mxnet.th": "operators are those of mxnet.ndarray and mxnet.symbol",
    "mxnet.torch": "operators are those of mxnet.ndarray and mxnet.symbol",
    "mxnet.tvmop": "operators are those of mxnet.ndarray and mxnet.symbol",
}


def message(name):
    """What to say where `name` is asked for and 1.9.1 has it; None for any other name.

    Args:
        name (str): Full name, as ``mxnet.gluon.nn``.
    """
    parts = name.split(".")
    for count in range(2, len(parts) + 1):
        known = ".".join(parts[:count])
        if known in _NAMES:
            return f"{known} is not in this version of Remx; {_NAMES[known]}"
    return None


def getter(module_name):
    """The function ``__getattr__`` of a module: it says which names of 1.9.1 are not there.

    Args:
        module_name (str): Full name of the module.
    """

    def find(name):
        full = f"{module_name}.{name}"
        raise AttributeError(message(full) or f"module {module_name!r} has no attribute {name!r}")

    return find


class _Finder:
    """Comes last in ``sys.meta_path``, so that it sees only what nobody else found."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if not name.startswith("mxnet."):
            return
        text = message(name)
        if text:
            # Without a name: the import system drops an error that names what it looks for.
            raise ModuleNotFoundError(text)


def install_finder():
    """Let the import statement say which modules of 1.9.1 are not there."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())
