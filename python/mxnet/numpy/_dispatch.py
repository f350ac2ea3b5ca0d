"""NumPy's protocols: what NumPy's own functions do with arrays of `mx.np`.

Where `mx.np` has the function, it computes, on the array's device and on the tape. Otherwise NumPy
does, with copies; its arrays become arrays of `mx.np`.
"""

import importlib

import numpy as onp

from .._core import NDArray
from ._by_numpy import by_numpy

__all__ = ["array_ufunc", "array_function"]

_PACKAGES = {"numpy": "mxnet.numpy", "numpy.linalg": "mxnet.numpy.linalg"}


def _counterpart(function):
    """The function of `mx.np` that one of NumPy corresponds to; that itself where there is none."""
    module = getattr(function, "__module__", None) or "numpy"  # universal functions name none
    package = _PACKAGES.get(module)
    found = package and getattr(importlib.import_module(package), function.__name__, None)
    return found or by_numpy(function)


def _number(value):
    """What a NumPy array without axes holds: NumPy hands its own numbers over as such arrays."""
    return value[()] if isinstance(value, onp.ndarray) and value.ndim == 0 else value


def array_ufunc(self, ufunc, method, *inputs, **kwargs):
    """What a universal function of NumPy gives when one of its operands is an array of `mx.np`.

    Args:
        ufunc (numpy.ufunc): The function.
        method (str): '__call__', or another method of it such as 'reduce'.
        *inputs: The operands.
        **kwargs: Further arguments; `out` is a tuple.
    """
    if len(kwargs.get("out", ())) == 1:
        (kwargs["out"],) = kwargs["out"]
    inputs = [_number(value) for value in inputs]
    if method == "__call__":
        return _counterpart(ufunc)(*inputs, **kwargs)
    return by_numpy(getattr(ufunc, method))(*inputs, **kwargs)


def array_function(self, func, types, args, kwargs):
    """What another function of NumPy gives when it is called with arrays of `mx.np`.

    Args:
        func (callable): The function.
        types (collection of type): The classes that take part.
        args (tuple): What the function was called with.
        kwargs (dict): The same.
    """
    if not all(issubclass(each, (NDArray, onp.ndarray)) for each in types):
        return NotImplemented
    return _counterpart(func)(*args, **kwargs)
