"""Functions that make arrays."""

import numpy as onp

from .. import _core, error
from .._core import NDArray, Symbol
from ..ndarray import _creation as _legacy
from ._arguments import ARRAYS, check_array, check_order, dtype_or
from ._ops import array_operator, operator

_FROM_NOTHING = [
    "arange",
    "blackman",
    "eye",
    "full",
    "hamming",
    "hanning",
    "identity",
    "indices",
    "linspace",
    "logspace",
    "ones",
    "zeros",
]
__all__ = [
    *("array", "copy", "empty", "empty_like", "full_like", "ones_like", "zeros_like"),
    *_FROM_NOTHING,
]

_copy, _full_like = operator("_np_copy"), operator("_npi_full_like")
_broadcast_to, _cast = operator("_npi_broadcast_to"), operator("_npi_cast")


def array(object, dtype=None, ctx=None):
    """An array with the elements of a list, a number, a NumPy array or another array.

    Args:
        object (array_like): The elements.
        dtype (str or type): Type of the elements; None is that of an array, and float32 for
            anything else.
        ctx (Context): Where to make it; None is the current context.

    Returns:
        ndarray: A new array.

    Raises:
        TypeError: The elements do not convert to numbers of the type.
    """
    if dtype is None and isinstance(object, (onp.ndarray, onp.generic)):
        dtype = object.dtype
    return _legacy.array(object, ctx, dtype).as_np_ndarray()


def empty(shape, dtype=onp.float32, order="C", ctx=None):
    """An array whose elements are not set.

    Args:
        shape (int or tuple of int): Dimensions.
        dtype (str or type): Type of the elements; None is float32.
        order (str): "C", the only order there is.
        ctx (Context): Where to make it; None is the current context.

    Raises:
        NotImplementedError: Another order is asked for.
    """
    check_order("empty", order)
    return _core.empty(shape, ctx, dtype_or(dtype, onp.float32)).as_np_ndarray()


def copy(a, out=None):
    """A copy of an array.

    Args:
        a (ndarray or symbol): The elements.
        out (ndarray): Where to write them.
    """
    check_array("copy", a=a)
    return _copy(a, out=out)


def full_like(a, fill_value, dtype=None, order="C", ctx=None, out=None):
    """An array of one value, with the shape of another array.

    Args:
        a (ndarray or symbol): The array that has the shape.
        fill_value (number): The value.
        dtype (str or type): Type of the elements; None is a's.
        order (str): "C", the only order there is.
        ctx (Context): Has no effect: the result lies where `a` lies.
        out (ndarray): Where to write the result.

    Raises:
        NotImplementedError: Another order is asked for.
    """
    return _like("full_like", a, fill_value, dtype, order, ctx, out)


def zeros_like(a, dtype=None, order="C", ctx=None, out=None):
    """An array of zeros, with the shape of another array; see `full_like` for the arguments."""
    return _like("zeros_like", a, 0, dtype, order, ctx, out)


def ones_like(a, dtype=None, order="C", ctx=None, out=None):
    """An array of ones, with the shape of another array; see `full_like` for the arguments."""
    return _like("ones_like", a, 1, dtype, order, ctx, out)


def _like(function, a, fill_value, dtype, order, ctx, out):
    check_order(function, order)
    check_array(function, a=a)
    if isinstance(fill_value, NDArray):
        fill_value = fill_value.item()
    options = {} if dtype is None else {"dtype": _core.numpy_dtype(dtype)}
    if isinstance(a, Symbol):
        options["ctx"] = _core.current_context() if ctx is None else ctx
    return _full_like(a, fill_value=fill_value, out=out, **options)


def empty_like(prototype, dtype=None, order="C", subok=False, shape=None):
    """An array whose elements are not set, with the shape of another array.

    Args:
        prototype (ndarray or symbol): The array that has the shape.
        dtype (str or type): Type of the elements; None is the prototype's.
        order (str): "C", the only order there is.
        subok (bool): False.
        shape (tuple of int): None.

    Raises:
        NotImplementedError: Another order, a subclass or a shape is asked for.
    """
    check_order("empty_like", order)
    if subok or shape is not None:
        raise error.NotImplementedError(
            f"empty_like: subok={subok} and shape={shape} are not implemented; expected False and "
            "None"
        )
    check_array("empty_like", prototype=prototype)
    if isinstance(prototype, Symbol):
        return zeros_like(prototype, dtype)
    return empty(prototype.shape, dtype_or(dtype, prototype.dtype), ctx=prototype.ctx)


class Creation:
    """Functions that make arrays, or symbols of arrays, from nothing.

    Args:
        make (function): Makes the function of an operator from its name in the registry.
        default_ctx (function): Tells the device where none is asked for; without it the operators
            take the current one.
    """

    def __init__(self, make, default_ctx=None):
        self._default_ctx = default_ctx
        for name in _FROM_NOTHING:
            setattr(self, "_" + name, make("_npi_" + name))

    def _made_as(self, dtype, ctx):
        """The arguments of operators for the dtype and the place of what they make."""
        if ctx is None and self._default_ctx:
            ctx = self._default_ctx()
        return {"dtype": onp.float32 if dtype is None else dtype, "ctx": ctx}

    def _made_as_given(self, dtype, ctx):
        """The same without a dtype that was not given, as 1.9.1 writes it into files."""
        arguments = self._made_as(dtype, ctx)
        if dtype is None:
            del arguments["dtype"]
        return arguments

    def functions(self):
        """The functions by their names."""
        return {name: getattr(self, name) for name in _FROM_NOTHING}

    def zeros(self, shape, dtype=None, order="C", ctx=None):
        """An array of zeros.

        Args:
            shape (int or tuple of int): Dimensions.
            dtype (str or type): Type of the elements; None is float32.
            order (str): "C", the only order there is.
            ctx (Context): Where to make it; None is the current context.

        Raises:
            NotImplementedError: Another order is asked for.
        """
        check_order("zeros", order)
        return self._zeros(shape=shape, **self._made_as(dtype, ctx))

    def ones(self, shape, dtype=onp.float32, order="C", ctx=None):
        """An array of ones; see `zeros` for the arguments."""
        check_order("ones", order)
        return self._ones(shape=shape, **self._made_as(dtype, ctx))

    def full(self, shape, fill_value, dtype=None, order="C", ctx=None, out=None):
        """An array of one value, or of values that are broadcast.

        Args:
            shape (int or tuple of int): Dimensions.
            fill_value (number, ndarray or symbol): The value or values.
            dtype (str or type): Type of the elements; None is bool for a bool, that of the values
                for an array, and float32 for other numbers.
            order (str): "C", the only order there is.
            ctx (Context): Where to make it; None is the current context.
            out (ndarray): Where to write the result.

        Raises:
            NotImplementedError: Another order is asked for.
        """
        check_order("full", order)
        if isinstance(fill_value, ARRAYS):
            if dtype is not None:
                fill_value = _cast(fill_value, dtype=_core.numpy_dtype(dtype))
            return _broadcast_to(fill_value, shape=shape, out=out)
        if dtype is None and isinstance(fill_value, (bool, onp.bool_)):
            dtype = onp.bool_
        return self._full(shape=shape, value=fill_value, out=out, **self._made_as(dtype, ctx))

    def arange(self, start, stop=None, step=1, dtype=None, ctx=None):
        """Numbers from `start` up to but without `stop`.

        Args:
            start (number): First number; with `stop` None the numbers run from 0 up to it.
            stop (number): End.
            step (number): Difference of neighbours.
            dtype (str or type): Type of the elements; None is float32.
            ctx (Context): Where to make it; None is the current context.

        Raises:
            ZeroDivisionError: The step is 0.
        """
        step = 1 if step is None else step
        if step == 0:
            raise ZeroDivisionError("arange: step=0 reaches no end; expected another number")
        if stop is None:
            start, stop = 0, start
        return self._arange(start=start, stop=stop, step=step, **self._made_as(dtype, ctx))

    def linspace(
        self,
        start,
        stop,
        num=50,
        endpoint=True,
        retstep=False,
        dtype=None,
        axis=0,
        ctx=None,
    ):
        """Numbers from `start` to `stop` at equal distances.

        Args:
            start (number): First number.
            stop (number): Last number, or the end if `endpoint` is False.
            num (int): How many.
            endpoint (bool): Whether `stop` is one of them.
            retstep (bool): Whether to tell the distance.
            dtype (str or type): Type of the elements; None is float32.
            axis (int): 0.
            ctx (Context): Where to make it; None is the current context.

        Returns:
            An array of shape (num,); with `retstep` a tuple of it and the distance.

        Raises:
            NotImplementedError: The limits are arrays, or another axis is asked for.
        """
        _check_range("linspace", start, stop, axis)
        result = self._linspace(
            start=start, stop=stop, num=num, endpoint=endpoint, **self._made_as_given(dtype, ctx)
        )
        if not retstep:
            return result
        gaps = num - 1 if endpoint else num
        return result, (stop - start) / gaps if gaps > 0 else onp.nan

    def logspace(self, start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0, ctx=None):
        """Powers of `base` whose exponents have equal distances.

        Args:
            start (number): Exponent of the first number.
            stop (number): Exponent of the last number, or the end if `endpoint` is False.
            num (int): How many.
            endpoint (bool): Whether `stop` is one of the exponents.
            base (number): What is raised to the exponents.
            dtype (str or type): Type of the elements; None is float32.
            axis (int): 0.
            ctx (Context): Where to make it; None is the current context.

        Raises:
            NotImplementedError: The limits are arrays, or another axis is asked for.
        """
        _check_range("logspace", start, stop, axis)
        return self._logspace(
            start=start,
            stop=stop,
            num=num,
            endpoint=endpoint,
            base=base,
            **self._made_as_given(dtype, ctx),
        )

    def eye(self, N, M=None, k=0, dtype=onp.float32, order="C", ctx=None):
        """A matrix with ones on a diagonal and zeros elsewhere.

        Args:
            N (int): Number of rows.
            M (int): Number of columns; None is as many as rows.
            k (int): Which diagonal: 0 is the main one, positive ones lie above.
            dtype (str or type): Type of the elements; None is float32.
            order (str): "C", the only order there is.
            ctx (Context): Where to make it; None is the current context.

        Raises:
            NotImplementedError: Another order is asked for.
        """
        check_order("eye", order)
        return self._eye(N=N, M=M, k=k, **self._made_as(dtype, ctx))

    def identity(self, n, dtype=None, ctx=None):
        """A square matrix with ones on the main diagonal and zeros elsewhere.

        Args:
            n (int): Number of rows and of columns.
            dtype (str or type): Type of the elements; None is float32.
            ctx (Context): Where to make it; None is the current context.

        Raises:
            TypeError: `n` is no integer.
            ValueError: `n` is negative.
        """
        if not isinstance(n, (int, onp.integer)):
            raise error.TypeError(f"identity: n={n!r} is not an integer; expected an int")
        if n < 0:
            raise error.ValueError(f"identity: n={n} is negative; expected a number of rows")
        return self._identity(shape=(n, n), **self._made_as(dtype, ctx))

    def indices(self, dimensions, dtype=onp.int32, ctx=None):
        """The index of each place of an array, along each axis.

        Args:
            dimensions (tuple of int): Shape of that array.
            dtype (str or type): Type of the elements; None is int32.
            ctx (Context): Where to make it; None is the current context.

        Returns:
            An array of shape (len(dimensions), *dimensions).

        Raises:
            ValueError: `dimensions` is no tuple.
        """
        if not isinstance(dimensions, (tuple, list)):
            raise error.ValueError(
                f"indices: dimensions={dimensions!r} is no shape; expected a tuple of int"
            )
        dtype = onp.int32 if dtype is None else dtype
        return self._indices(dimensions=dimensions, **self._made_as(dtype, ctx))

    def hanning(self, M, dtype=onp.float32, ctx=None):
        """The Hann window: 0.5 - 0.5 cos(2 pi n / (M - 1)).

        Args:
            M (int): Number of points; without any the result is empty.
            dtype (str or type): Type of the elements; None is float32.
            ctx (Context): Where to make it; None is the current context.
        """
        return self._hanning(M=M, **self._made_as(dtype, ctx))

    def hamming(self, M, dtype=onp.float32, ctx=None):
        """The Hamming window: 0.54 - 0.46 cos(2 pi n / (M - 1)); see `hanning`."""
        return self._hamming(M=M, **self._made_as(dtype, ctx))

    def blackman(self, M, dtype=onp.float32, ctx=None):
        """The Blackman window: 0.42 - 0.5 cos(x) + 0.08 cos(2 x), x = 2 pi n / (M - 1).

        See `hanning` for the arguments.
        """
        return self._blackman(M=M, **self._made_as(dtype, ctx))


def _check_range(function, start, stop, axis):
    for name, value in (("start", start), ("stop", stop)):
        if isinstance(value, (*ARRAYS, list, tuple, onp.ndarray)):
            raise error.NotImplementedError(
                f"{function}: {name}={value!r} is not implemented; expected a number"
            )
    if axis != 0:
        raise error.NotImplementedError(f"{function}: axis={axis} is not implemented; expected 0")


globals().update(Creation(array_operator).functions())
