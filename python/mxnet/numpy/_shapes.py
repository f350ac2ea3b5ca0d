"""Functions that give an array another shape, or its elements another order."""

import operator as python_operator

import numpy as onp

from .. import error
from .._core import NDArray
from ._arguments import NUMBERS, check_array, check_order
from ._creation import full
from ._ops import operator

__all__ = [
    "reshape",
    "transpose",
    "moveaxis",
    "swapaxes",
    "squeeze",
    "expand_dims",
    "ravel",
    "flip",
    "fliplr",
    "flipud",
    "roll",
    "rot90",
    "tile",
    "repeat",
    "broadcast_to",
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "resize",
    "pad",
    "shape",
    "may_share_memory",
    "shares_memory",
]

_reshape, _transpose, _moveaxis, _squeeze, _roll = map(
    operator, ("_np_reshape", "_np_transpose", "_np_moveaxis", "_np_squeeze", "_np_roll")
)
_swapaxes, _expand_dims, _flip, _rot90, _tile, _pad = map(
    operator,
    ("_npi_swapaxes", "_npi_expand_dims", "_npi_flip", "_npi_rot90", "_npi_tile", "_npi_pad"),
)
_repeat, _broadcast_to, _share_memory = map(
    operator, ("_np_repeat", "_npi_broadcast_to", "_npi_share_memory")
)


_zeros = operator("_npi_zeros")


def as_tuple(axes):
    """An int or a sequence of ints as a tuple."""
    try:
        return (python_operator.index(axes),)
    except TypeError:
        return tuple(axes)


def reshape(a, newshape, order="C", out=None):
    """The elements in another shape.

    Args:
        a (ndarray): The array.
        newshape (int or tuple of int): The shape; one -1 stands for what is left.
        order (str): 'C'.
        out (ndarray): Where to write the result.

    Returns:
        ndarray: Its elements are copied.
    """
    check_order("reshape", order)
    return _reshape(a, newshape=newshape, order=order, out=out)


def transpose(a, axes=None):
    """The axes in another order.

    Args:
        a (ndarray): The array.
        axes (tuple of int): Which axis comes to each place; None turns the order round.
    """
    return _transpose(a, axes=None if axes is None else tuple(axes))


def moveaxis(a, source, destination):
    """Move axes to other places; the rest keep their order.

    Args:
        a (ndarray): The array.
        source (int or tuple of int): Axes to move.
        destination (int or tuple of int): Their new places.
    """
    source, destination = as_tuple(source), as_tuple(destination)
    if len(source) != len(destination):
        raise error.ValueError(
            f"moveaxis: destination={destination} has not as many axes as source={source}; "
            "expected as many of both"
        )
    return _moveaxis(a, source=source, destination=destination)


def swapaxes(a, axis1, axis2):
    """Exchange two axes.

    Args:
        a (ndarray): The array.
        axis1 (int): One of them.
        axis2 (int): The other.
    """
    return _swapaxes(a, dim1=axis1, dim2=axis2)


def squeeze(a, axis=None, out=None):
    """Drop axes of size 1.

    Args:
        a (ndarray): The array.
        axis (int or tuple of int): Which; None is all of them.
        out (ndarray): Where to write the result.
    """
    return _squeeze(a, axis=axis, out=out)


def expand_dims(a, axis):
    """Insert an axis of size 1.

    Args:
        a (ndarray): The array.
        axis (int): Its place in the result.
    """
    return _expand_dims(a, axis=axis)


def ravel(x, order="C"):
    """All elements in one dimension.

    Args:
        x (ndarray): The array.
        order (str): 'C'.
    """
    check_order("ravel", order)
    if isinstance(x, NUMBERS):
        return onp.reshape(x, -1)
    return _reshape(x, newshape=-1)


def flip(m, axis=None, out=None):
    """The elements in reverse order along axes.

    Args:
        m (ndarray): The array.
        axis (int or tuple of int): Along which; None is all.
        out (ndarray): Where to write the result.
    """
    if axis is None:
        axis = tuple(range(m.ndim)) if isinstance(m, NDArray) else None
    return _flip(m, axis=axis, out=out)


def fliplr(m):
    """The columns in reverse order.

    Args:
        m (ndarray): An array with at least two dimensions.
    """
    return flip(m, 1)


def flipud(m):
    """The rows in reverse order.

    Args:
        m (ndarray): An array with at least one dimension.
    """
    return flip(m, 0)


def roll(a, shift, axis=None):
    """Shift the elements along axes; what leaves at the end comes in at the beginning.

    Args:
        a (ndarray): The array.
        shift (int or tuple of int): How far.
        axis (int or tuple of int): Along which axes; None treats the array as flat.
    """
    return _roll(a, shift=shift, axis=axis)


def rot90(m, k=1, axes=(0, 1)):
    """Turn by 90 degrees in the plane of two axes.

    Args:
        m (ndarray): An array with at least two dimensions.
        k (int): How often; negative ones turn the other way.
        axes (tuple of int): The plane, turned from the first axis to the second.
    """
    return _rot90(m, k=k, axes=axes)


def tile(A, reps):
    """The array repeated as a whole.

    Args:
        A (ndarray): The array.
        reps (int or tuple of int): How often along each axis, the last one last.
    """
    if isinstance(A, NUMBERS):
        return onp.tile(A, reps)
    return _tile(A, reps=as_tuple(reps))


def repeat(a, repeats, axis=None):
    """Each element several times.

    Args:
        a (ndarray): The array.
        repeats (int): How often.
        axis (int): Along which axis; None treats the array as flat.
    """
    check_array("repeat", a=a)
    return _repeat(a, repeats=repeats, axis=axis)


def broadcast_to(array, shape):
    """The array repeated along axes of size 1, and along new ones in front.

    Args:
        array (ndarray): The array.
        shape (int or tuple of int): The shape of the result.
    """
    if isinstance(array, NUMBERS):
        return full(shape, array)
    return _broadcast_to(array, shape=shape)


def _atleast(ndim):
    apply = operator(f"_np_atleast_{ndim}d")

    def atleast(*arys):
        found = apply(*arys, num_args=len(arys))
        return list(found) if len(arys) > 1 else found

    atleast.__name__ = atleast.__qualname__ = f"atleast_{ndim}d"
    atleast.__doc__ = f"""Arrays with at least {ndim} dimension{"s" if ndim > 1 else ""}.

    Args:
        *arys (ndarray): The arrays.

    Returns:
        ndarray or list of ndarray: A list unless there is one.
    """
    return atleast


atleast_1d, atleast_2d, atleast_3d = map(_atleast, (1, 2, 3))


def resize(a, new_shape):
    """The elements in another shape, which are repeated as often as they are needed.

    Args:
        a (ndarray): The array.
        new_shape (int or tuple of int): The shape.
    """
    check_array("resize", a=a)
    if not isinstance(a, NDArray):
        raise error.TypeError("resize: a is a symbol, whose size is not known; expected an array")
    new_shape = as_tuple(new_shape)
    wanted = int(onp.prod(new_shape, dtype=onp.int64))
    a = ravel(a)
    if wanted == 0 or a.size == 0:
        return _zeros(shape=new_shape, dtype=a.dtype, ctx=a.context)
    return reshape(tile(a, -(-wanted // a.size))[:wanted], new_shape)


def pad(x, pad_width=None, mode="constant", **kwargs):
    """The array with elements around it.

    Args:
        x (ndarray): The array.
        pad_width (int or tuple): How many before and after along each axis: ((before, after), ...),
            (before, after) for all axes, or one number.
        mode (str): 'constant', 'edge', 'reflect', 'symmetric', 'maximum' or 'minimum'.
        **kwargs: `constant_values` (number) for 'constant', `reflect_type` ('even') for 'reflect'.

    Raises:
        ValueError: The mode is unknown, or an argument does not belong to it.
        TypeError: The widths are no ints.
    """
    check_array("pad", x=x)
    _check_pad(mode, kwargs)
    return _pad(
        x,
        pad_width=_pad_widths(x, pad_width),
        mode=mode,
        constant_value=kwargs.get("constant_values", 0),
        reflect_type=kwargs.get("reflect_type", "even"),
    )


# Modes, and the arguments that NumPy has for them.
_PAD_ARGUMENTS = {
    "constant": ("constant_values",),
    "edge": (),
    "reflect": ("reflect_type",),
    "symmetric": ("reflect_type",),
    "maximum": ("stat_length",),
    "minimum": ("stat_length",),
}
_MISSING_MODES = ("mean", "median", "linear_ramp", "wrap", "empty")


def _check_pad(mode, options):
    known = tuple(_PAD_ARGUMENTS)
    if callable(mode) or mode in _MISSING_MODES:
        raise error.ValueError(f"pad: mode={mode!r} is not supported; expected one of {known}")
    if mode not in known:
        raise error.UnknownNameError(f"pad: mode={mode!r} is unknown; expected one of {known}")
    for name, value in options.items():
        if name not in _PAD_ARGUMENTS[mode]:
            raise error.ValueError(
                f"pad: {name} does not belong to mode={mode!r}; expected "
                f"{_PAD_ARGUMENTS[mode] or 'no further argument'}"
            )
        if (name == "stat_length" and value is not None) or value == "odd":
            raise error.ValueError(f"pad: {name}={value!r} is not supported; expected the default")
        if name == "constant_values" and not isinstance(value, NUMBERS):
            raise error.TypeError(f"pad: constant_values={value!r} is no number; expected one")


def _pad_widths(x, pad_width):
    """((before, after), ...) for each axis; as it is for a symbol, whose axes are not known."""
    widths = onp.asarray(pad_width)
    if widths.dtype.kind != "i":
        raise error.TypeError(f"pad: pad_width={pad_width!r} is not of ints; expected ints")
    if isinstance(x, NDArray):
        try:
            widths = onp.broadcast_to(widths, (x.ndim, 2))
        except ValueError:
            raise error.ValueError(
                f"pad: pad_width={pad_width} does not fit an array with {x.ndim} dimensions; "
                "expected (before, after) for each"
            ) from None
    return tuple(map(tuple, widths.tolist()))


def shape(a):
    """The sizes of an array's dimensions.

    Args:
        a (array_like): The array.

    Returns:
        tuple of int
    """
    return a.shape if isinstance(a, NDArray) else onp.shape(a)


def may_share_memory(a, b, max_work=None):
    """Whether two arrays lie in the same memory.

    Args:
        a (ndarray): One of them.
        b (ndarray): The other.
        max_work (int): Accepted for compatibility.

    Returns:
        bool
    """
    return shares_memory(a, b, max_work)


def shares_memory(a, b, max_work=None):
    """`may_share_memory` under its other name."""
    check_array("shares_memory", a=a, b=b)
    return a._overlaps(b)
