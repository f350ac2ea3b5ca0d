"""NumPy's protocols: what NumPy's own functions do with arrays of `mx.np`.

Where `mx.np` has the function, it computes, on the array's device and on the tape. Otherwise NumPy
does, with copies; its arrays become arrays of `mx.np`.
"""

import importlib

import numpy as onp

from .._core import NDArray

__all__ = ["array_ufunc", "array_function"]

# Functions whose answer is NumPy's own: a type, a number, or whether something holds.
_PACKAGES = {"numpy": "mxnet.numpy", "numpy.linalg": "mxnet.numpy.linalg"}


def _counterpart(name, module="numpy"):
    """The function of `mx.np` that NumPy's one corresponds to, or None."""
    package = _PACKAGES.get(module)
    return package and getattr(importlib.import_module(package), name, None)


def array_ufunc(self, ufunc, method, *inputs, **kwargs):
    """What a universal function of NumPy gives when one of its operands is an array of `mx.np`.

    Args:
        ufunc (numpy.ufunc): The function.
        method (str): '__call__', or another method of it such as 'reduce'.
        *inputs: The operands.
        **kwargs: Further arguments; `out` is a tuple.
    """
    out = kwargs.pop("out", None)
    out = out[0] if out is not None and len(out) == 1 else out
    function = _counterpart(ufunc.__name__) if method == "__call__" else None
    if function is not None:
        return function(*inputs, out=out, **kwargs) if out is not None else function(
            *inputs, **kwargs
        )
    result = getattr(ufunc, method)(*_to_numpy(inputs), **_to_numpy(kwargs))
    return _written(_from_numpy(result), out)


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
    function = _counterpart(func.__name__, func.__module__)
    if function is not None:
        return function(*args, **kwargs)
    return _from_numpy(func(*_to_numpy(args), **_to_numpy(kwargs)))


def _to_numpy(value):
    if isinstance(value, NDArray):
        return value.asnumpy()
    if isinstance(value, (list, tuple)):
        return type(value)(map(_to_numpy, value))
    if isinstance(value, dict):
        return {key: _to_numpy(each) for key, each in value.items()}
    return value


def _from_numpy(value):
    if isinstance(value, onp.ndarray):
        from .multiarray import array  # the modules need each other

        return array(value, dtype=value.dtype)
    if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
        return type(value)(map(_from_numpy, value))
    return value


def _written(result, out):
    if out is None:
        return result
    out[...] = result
    return out
