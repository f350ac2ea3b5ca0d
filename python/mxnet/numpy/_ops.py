"""The operators behind the functions of this package."""

from .. import _core

__all__ = ["operator"]


def operator(name):
    """The function that applies an operator to arrays, or to symbols where it is given one.

    Args:
        name (str): Name in the registry, such as ``_npi_add``.
    """
    return _core.function(name, name.lstrip("_"), "mxnet.numpy")
