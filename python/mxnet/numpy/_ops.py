"""The operators behind the functions of this package."""

import re

from .. import _core

__all__ = ["array_operator", "operator", "symbol_operator"]


def operator(name):
    """The function that applies an operator to arrays, or to symbols where it is given one.

    Args:
        name (str): Name in the registry, such as ``_npi_add``.
    """
    return _core.function(name, _shown(name), "mxnet.numpy")


def array_operator(name):
    """The function that applies an operator to arrays, also where it is given none.

    Args:
        name (str): Name in the registry, such as ``_npi_zeros``.
    """
    return _core.op_function(name, _shown(name), "mxnet.numpy")


def symbol_operator(name):
    """The function that applies an operator to symbols, also where it is given none.

    Args:
        name (str): Name in the registry, such as ``_npi_zeros``.
    """
    return _core.symbol_function(name, _shown(name), "mxnet.symbol.numpy")


def _shown(name):
    """What symbols of an operator are called."""
    return re.sub("^(_np[ix]?)?_", "", name)
