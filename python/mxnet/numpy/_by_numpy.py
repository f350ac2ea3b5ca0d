"""Functions that NumPy computes: arrays of `mx.np` go in and come out."""

import functools

import numpy as onp

from .. import _core, error
from .._core import NDArray, Symbol
from ._creation import array

__all__ = ["by_numpy"]

_copyto = _core.op_function("_npi_copyto", "copyto", "mxnet.numpy")


def by_numpy(function, name=None):
    """A function of NumPy that takes and gives arrays of `mx.np`.

    Where no argument is one, the results are those of NumPy. Nothing is recorded for gradients.

    Args:
        function (callable): The function of NumPy.
        name (str): What it is called; None is NumPy's name.
    """
    name = name or function.__name__

    def wrapper(*args, out=None, **kwargs):
        found = _Arguments(name)
        args, kwargs = found.to_numpy(args), found.to_numpy(kwargs)
        if out is not None and not isinstance(out, NDArray):
            kwargs["out"] = out
        result = function(*args, **kwargs)
        if isinstance(out, NDArray):
            return _copyto(array(result, out.dtype, out.ctx), out=out)
        return found.from_numpy(result) if found.ctx else result

    functools.update_wrapper(wrapper, function, ("__doc__",), ())
    wrapper.__name__ = wrapper.__qualname__ = name
    wrapper.__module__ = "mxnet.numpy"
    return wrapper


class _Arguments:
    """Arguments of a call, and where its results belong.

    Args:
        function (str): Name of the function that was called.

    Attributes:
        ctx (Context): Device of the first array; None while there was none.
    """

    def __init__(self, function):
        self.function = function
        self.ctx = None

    def to_numpy(self, value):
        """A value with NumPy's arrays in place of those of `mx.np`."""
        if isinstance(value, NDArray):
            self.ctx = self.ctx or value.ctx
            return value.asnumpy()
        if isinstance(value, Symbol):
            raise error.TypeError(
                f"{self.function}: {value!r} is a symbol, which NumPy does not compute; expected "
                "arrays"
            )
        if type(value) in (list, tuple):
            return type(value)(map(self.to_numpy, value))
        if type(value) is dict:
            return {key: self.to_numpy(each) for key, each in value.items()}
        return value

    def from_numpy(self, value):
        """The same the other way round; named tuples are plain ones."""
        if isinstance(value, onp.ndarray):
            try:
                return array(value, ctx=self.ctx)
            except (TypeError, ValueError, KeyError) as cause:
                raise error.TypeError(
                    f"{self.function}: the result has dtype {value.dtype}, which arrays of mx.np "
                    "have not; call NumPy's function with NumPy's arrays (x.asnumpy())"
                ) from cause
        if isinstance(value, (list, tuple)):
            kind = list if isinstance(value, list) else tuple
            return kind(map(self.from_numpy, value))
        return value
