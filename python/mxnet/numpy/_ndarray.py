"""The array class of `mx.np`."""

import numpy as onp

from .. import error
from .._core import NDArray
from . import _dispatch
from ._arguments import NUMBERS, WHOLE_NUMBERS
from ._array_methods import ArrayMethods
from ._ops import operator
from ._products import matmul

__all__ = ["ndarray"]


def _bitwise(name):
    """`array <op> array or number`."""
    of_arrays, of_number = operator(f"_npi_bitwise_{name}"), operator(f"_npi_bitwise_{name}_scalar")

    def apply(self, other, out=None):
        if isinstance(other, NDArray):
            return of_arrays(self, other, out=out)
        if isinstance(other, NUMBERS):
            is_int = isinstance(other, WHOLE_NUMBERS)
            return of_number(self, scalar=float(other), is_int=is_int, out=out)
        raise error.TypeError(
            f"bitwise_{name}: an operand is of type {type(other).__name__}; expected an array or a "
            "number"
        )

    return apply


_and, _or, _xor = map(_bitwise, ("and", "or", "xor"))
_not, _copy_into = operator("_npi_bitwise_not"), operator("_np_copy")
_round, _ceil, _floor, _trunc = map(
    operator, ("_npi_around", "_npi_ceil", "_npi_floor", "_npi_trunc")
)


class ndarray(ArrayMethods):
    """An array of `mx.np`: what operators give when one of their inputs is one.

    Arithmetic, comparison and indexing are those of the core, with NumPy's rules. NumPy's own
    functions take these arrays, too, and give them (see `_dispatch`).
    """

    __module__ = "mxnet.numpy"
    __hash__ = None
    __array_ufunc__ = _dispatch.array_ufunc
    __array_function__ = _dispatch.array_function

    def __repr__(self):
        if self.shape is None:
            return "array(<holds nothing>)"
        return _text_of(self.asnumpy(), self.context)

    def __str__(self):
        return "<holds nothing>" if self.shape is None else str(self.asnumpy())

    def __format__(self, spec):
        return format(self.item() if spec and self.ndim == 0 else str(self), spec)

    def __len__(self):
        if not self.shape:
            raise error.TypeError("len: this array has no dimension; at least one is expected")
        return self.shape[0]

    def __iter__(self):
        if not self.shape:
            raise error.TypeError("iter: this array has no dimension; at least one is expected")
        return (self[i] for i in range(self.shape[0]))

    def __contains__(self, value):
        return bool((self == value).any())

    def __bool__(self):
        if self.size > 1:
            raise error.ValueError(
                "The truth value of an ndarray with multiple elements is ambiguous."
            )
        return self.size == 1 and bool(self.item())

    def __int__(self):
        return int(self._number())

    def __float__(self):
        return float(self._number())

    def __index__(self):
        if self.ndim or self.dtype not in (onp.int8, onp.uint8, onp.int32, onp.int64):
            raise TypeError("only integer scalar arrays can be converted to a scalar index")
        return self.item()

    def _number(self):
        if self.size != 1:
            raise error.TypeError(
                f"this array has {self.size} elements; one is expected of what becomes a number"
            )
        return self.item()

    def __matmul__(self, other):
        return matmul(self, other)

    def __rmatmul__(self, other):
        return matmul(other, self)

    def __imatmul__(self, other):
        self[()] = matmul(self, other)
        return self

    def __and__(self, other):
        return _and(self, other)

    def __or__(self, other):
        return _or(self, other)

    def __xor__(self, other):
        return _xor(self, other)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def __iand__(self, other):
        return _and(self, other, out=self)

    def __ior__(self, other):
        return _or(self, other, out=self)

    def __ixor__(self, other):
        return _xor(self, other, out=self)

    def __invert__(self):
        return _not(self)

    def __round__(self, n=0):
        return _round(self, decimals=n)

    def __floor__(self):
        return _floor(self)

    def __ceil__(self):
        return _ceil(self)

    def __trunc__(self):
        return _trunc(self)

    def as_nd_ndarray(self):
        """This array as an `NDArray` of `mx.nd`, which shares the memory."""
        return self._with_interface(False)

    def as_np_ndarray(self):
        """This array."""
        return self


def _text_of(array, context):
    """What `repr` gives: the types that arrays of this library have by default are left out."""
    text = onp.array2string(array, separator=", ", prefix="array(") if array.size else "[]"
    text = f"array({text}"
    if array.size == 0 and array.shape != (0,):
        text += f", shape={array.shape}"
    if array.dtype not in (onp.float32, onp.bool_):
        dtype = f"dtype={array.dtype.name}"
        line = len(text) - text.rfind("\n") + len(f"{dtype})")
        # As in 1.9.1: NumPy leaves its own types out, so that they come behind what it has wrapped.
        fits = array.dtype in (onp.float64, onp.int64) or line < onp.get_printoptions()["linewidth"]
        text += (", " if fits else ",\n" + " " * len("array(")) + dtype
    device = "" if context.device_type == "cpu" else f", ctx={context}"
    return f"{text}{device})"
