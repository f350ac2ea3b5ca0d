"""The symbol class of `mx.sym.np`."""

import importlib

from ... import _core, error
from ..symbol import Symbol
from ._slicing import slice_symbol

__all__ = ["_Symbol"]

_cast = _core.symbol_function("Cast", "cast", "mxnet.symbol.numpy")


def _function(name):
    """The function of `mx.np` of this name, which this module cannot import when it is loaded."""
    return getattr(importlib.import_module("mxnet.numpy"), name)


def _binary(sign, name):
    def method(self, other):
        return _function(name)(self, other)

    method.__name__ = method.__qualname__ = sign
    return method


def _reflected(sign, name):
    def method(self, other):
        return _function(name)(other, self)

    method.__name__ = method.__qualname__ = sign
    return method


def _method(name):
    """A method that is the function of `mx.np` of this name, with the symbol as first argument."""

    def method(self, *args, **kwargs):
        return _function(name)(self, *args, **kwargs)

    method.__name__ = method.__qualname__ = name
    method.__doc__ = f"See `mx.np.{name}`."
    return method


_METHODS = """argmax argmin argsort cumsum dot max mean min prod repeat round squeeze std sum
swapaxes take var""".split()


class _Symbol(Symbol):
    """A computation on arrays of `mx.np`: what operators give when one of their inputs is one."""

    __module__ = "mxnet.symbol.numpy"
    __hash__ = None
    __add__ = _binary("__add__", "add")
    __radd__ = _reflected("__radd__", "add")
    __sub__ = _binary("__sub__", "subtract")
    __rsub__ = _reflected("__rsub__", "subtract")
    __mul__ = _binary("__mul__", "multiply")
    __rmul__ = _reflected("__rmul__", "multiply")
    __truediv__ = _binary("__truediv__", "true_divide")
    __rtruediv__ = _reflected("__rtruediv__", "true_divide")
    __div__, __rdiv__ = __truediv__, __rtruediv__  # as Python 2 called them
    __mod__ = _binary("__mod__", "mod")
    __rmod__ = _reflected("__rmod__", "mod")
    __pow__ = _binary("__pow__", "power")
    __rpow__ = _reflected("__rpow__", "power")
    __matmul__ = _binary("__matmul__", "matmul")
    __and__ = _binary("__and__", "bitwise_and")
    __rand__ = _reflected("__rand__", "bitwise_and")
    __or__ = _binary("__or__", "bitwise_or")
    __ror__ = _reflected("__ror__", "bitwise_or")
    __xor__ = _binary("__xor__", "bitwise_xor")
    __rxor__ = _reflected("__rxor__", "bitwise_xor")
    __eq__ = _binary("__eq__", "equal")
    __ne__ = _binary("__ne__", "not_equal")
    __gt__ = _binary("__gt__", "greater")
    __ge__ = _binary("__ge__", "greater_equal")
    __lt__ = _binary("__lt__", "less")
    __le__ = _binary("__le__", "less_equal")

    def __neg__(self):
        return _function("negative")(self)

    def __abs__(self):
        return _function("abs")(self)

    def __invert__(self):
        return _function("invert")(self)

    def __len__(self):
        """The number of outputs, if there are several."""
        if self.num_outputs == 1:
            raise error.TypeError(f"{self!r} has one output, whose length is not known here")
        return self.num_outputs

    def __iter__(self):
        if self.num_outputs == 1:
            raise error.TypeError(
                f"{self!r} has one output, whose length is not known here; expected several outputs"
            )
        return super().__iter__()

    def __getitem__(self, key):
        """One of several outputs, or a part of the only one with NumPy's basic indexing.

        Args:
            key (int, slice, None, Ellipsis or tuple of these): Of several outputs a number, a name
                or a slice.

        Raises:
            IndexError: There is no such output, or the key holds something else.
        """
        if self.num_outputs == 1:
            return slice_symbol(self, key)
        found = super().__getitem__(key)
        return found.as_np_ndarray() if isinstance(key, slice) else found

    @property
    def T(self):
        """The axes in reverse order."""
        return self.transpose()

    def transpose(self, *axes):
        """The axes in another order.

        Args:
            *axes (int): Where each axis comes from, also as one tuple; none for the reverse order.
        """
        if len(axes) == 1 and (axes[0] is None or isinstance(axes[0], (tuple, list))):
            axes = axes[0]
        return _function("transpose")(self, axes or None)

    def reshape(self, *shape, order="C"):
        """Another shape for the same elements.

        Args:
            *shape (int): The sizes, also as one tuple; see `mx.np.reshape`.
            order (str): 'C', the only one that there is.
        """
        if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
            shape = shape[0]
        return _function("reshape")(self, tuple(shape), order=order)

    def flatten(self, order="C"):
        """All elements along one axis."""
        return self.reshape(-1, order=order)

    def clip(self, min=None, max=None):
        """The elements, with `min` for those below it and `max` for those above it."""
        return _function("clip")(self, min, max)

    def astype(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
        """The elements in another type.

        Args:
            dtype (str or type): The type.
            order (str): 'K', 'A' or 'C', which all mean the order of C.
            casting (str): 'unsafe', the only one that there is.
            subok (bool): True, the only value that there is.
            copy (bool): Accepted.

        Raises:
            ValueError: An argument has another value.
        """
        if order not in ("K", "A", "C") or casting != "unsafe" or subok is not True:
            raise error.ValueError(
                f"astype: order={order!r}, casting={casting!r}, subok={subok}; expected order 'K', "
                "'A' or 'C', casting 'unsafe' and subok True"
            )
        return _cast(self, dtype=dtype)

    def as_nd_ndarray(self):
        """This symbol as a `Symbol` of `mx.sym`."""
        return self._with_interface(False)

    def as_np_ndarray(self):
        """This symbol."""
        return self


for _name in _METHODS:
    setattr(_Symbol, _name, _method(_name))
