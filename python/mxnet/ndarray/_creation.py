"""Functions that make arrays."""

import numpy as np

from .. import _core, error
from .._core import NDArray

__all__ = [
    "array",
    "empty",
    "zeros",
    "ones",
    "full",
    "arange",
    "linspace",
    "eye",
    "concatenate",
    "moveaxis",
    "onehot_encode",
    "histogram",
    "split_v2",
]


def _operator(name):
    return _core.op_function(name, name, __name__)


_op_zeros, _op_ones, _op_full = _operator("_zeros"), _operator("_ones"), _operator("_full")
_op_arange, _op_eye = _operator("_arange"), _operator("_eye")
_op_transpose, _op_split_v2 = _operator("transpose"), _operator("_split_v2")
_op_concat, _op_one_hot = _operator("Concat"), _operator("one_hot")


def array(source_array, ctx=None, dtype=None):
    """An array with the elements of a list, a NumPy array or another array.

    Args:
        source_array (array_like): The elements.
        ctx (Context): Where to make it; None is the current context.
        dtype (str or type): None is the type of an NDArray, and float32 for anything else.

    Raises:
        TypeError: The source is not array-like.
    """
    if isinstance(source_array, NDArray):
        result = source_array._copy_to_device(_core.current_context() if ctx is None else ctx)
        return result if dtype is None else result.astype(dtype, copy=False)
    target = _core.numpy_dtype(np.float32 if dtype is None else dtype)
    if target.names:  # bfloat16
        return array(source_array, ctx, np.float32).astype(dtype)
    try:
        source = np.asarray(source_array, dtype=target, order="C")
    except (TypeError, ValueError) as cause:
        raise error.TypeError(
            f"array: source_array is a {type(source_array).__name__} that does not convert to "
            f"{target.name} ({cause}); numbers in a rectangular array are expected"
        ) from cause
    return _core._array_from_numpy(source, ctx, target)


def empty(shape, ctx=None, dtype=None):
    """An array whose elements are not set.

    Args:
        shape (int or tuple of int): Dimensions.
        ctx (Context): Where to make it; None is the current context.
        dtype (str or type): None is float32.
    """
    return _core.empty(shape, ctx, dtype)


def zeros(shape, ctx=None, dtype=None, **kwargs):
    """An array of zeros; see `empty` for the arguments."""
    return _op_zeros(shape=shape, ctx=ctx, dtype=np.float32 if dtype is None else dtype, **kwargs)


def ones(shape, ctx=None, dtype=None, **kwargs):
    """An array of ones; see `empty` for the arguments."""
    return _op_ones(shape=shape, ctx=ctx, dtype=np.float32 if dtype is None else dtype, **kwargs)


def full(shape, val, ctx=None, dtype=np.float32, out=None):
    """An array of one value.

    Args:
        shape (int or tuple of int): Dimensions.
        val (number): The value.
        ctx (Context): Where to make it; None is the current context.
        dtype (str or type): Type of the elements.
        out (NDArray): Where to write the result.
    """
    out = empty(shape, ctx, dtype) if out is None else out
    out[:] = val
    return out


def arange(start, stop=None, step=1.0, repeat=1, infer_range=None, ctx=None, dtype=np.float32):
    """Numbers from `start` up to but without `stop`, each `repeat` times.

    Args:
        start (number): First number; with `stop` None the numbers run from 0 up to it.
        stop (number): End.
        step (number): Difference of neighbours.
        repeat (int): How often each number comes.
        infer_range (bool): Has no effect.
        ctx (Context): Where to make it; None is the current context.
        dtype (str or type): Type of the elements.
    """
    return _op_arange(
        start=start, stop=stop, step=step, repeat=repeat, infer_range=False, ctx=ctx, dtype=dtype
    )


def linspace(start, stop, num, endpoint=True, ctx=None, dtype=np.float32):
    """`num` numbers from `start` to `stop` at equal distances.

    Args:
        start (number): First number.
        stop (number): Last number, or the end if `endpoint` is False.
        num (int): How many.
        endpoint (bool): Whether `stop` is one of them.
        ctx (Context): Where to make it; None is the current context.
        dtype (str or type): Type of the elements.
    """
    try:
        values = np.linspace(start, stop, num, endpoint)
    except (TypeError, ValueError) as cause:
        raise error.ValueError(
            f"linspace: start={start!r}, stop={stop!r}, num={num!r} do not make a sequence "
            f"({cause}); two numbers and a count of at least 0 are expected"
        ) from cause
    return array(values, ctx, dtype)


def eye(N, M=0, k=0, ctx=None, dtype=None, **kwargs):
    """A matrix with ones on a diagonal and zeros elsewhere.

    Args:
        N (int): Number of rows.
        M (int): Number of columns; 0 is as many as rows.
        k (int): Which diagonal: 0 is the main one, positive ones lie above.
        ctx (Context): Where to make it; None is the current context.
        dtype (str or type): None is float32.
    """
    return _op_eye(N=N, M=M, k=k, ctx=ctx, dtype=np.float32 if dtype is None else dtype, **kwargs)


def concatenate(arrays, axis=0, always_copy=True):
    """Join arrays along an axis.

    Args:
        arrays (list of NDArray): What to join.
        axis (int): Along which axis.
        always_copy (bool): Whether to copy a single array too.
    """
    if len(arrays) == 0:
        raise error.AssertedValueError("concatenate: arrays is empty; expected NDArrays")
    if len(arrays) == 1 and not always_copy:
        return arrays[0]
    kept = [array.shape[:axis] + array.shape[axis % max(array.ndim, 1) + 1 :] for array in arrays]
    if any(sizes != kept[0] for sizes in kept):
        raise error.AssertedValueError(
            f"concatenate: arrays have the shapes {[array.shape for array in arrays]}; expected "
            f"equal sizes but for axis {axis}"
        )
    return _op_concat(*arrays, dim=axis)


def moveaxis(tensor, source, destination):
    """Move axes to other places; the rest keep their order.

    Args:
        tensor (NDArray): The array.
        source (int or tuple of int): Axes to move.
        destination (int or tuple of int): Their new places.

    Raises:
        ValueError: The numbers of axes differ, or one is out of range or there twice.
    """
    source, destination = (
        _axes(a, tensor.ndim, name)
        for a, name in ((source, "source"), (destination, "destination"))
    )
    if len(source) != len(destination):
        raise error.ValueError(
            f"moveaxis: {len(source)} source axes and {len(destination)} destination "
            "axes were given; expected as many of both"
        )
    order = [axis for axis in range(tensor.ndim) if axis not in source]
    for place, axis in sorted(zip(destination, source)):
        order.insert(place, axis)
    return _op_transpose(tensor, axes=order)


def _axes(axes, ndim, name):
    axes = (axes,) if isinstance(axes, (int, np.integer)) else tuple(axes)
    result = [axis + ndim if axis < 0 else axis for axis in axes]
    if any(not 0 <= axis < ndim for axis in result) or len(set(result)) != len(result):
        raise error.ValueError(
            f"moveaxis: {name}={axes} is not valid; expected different axes of an "
            f"array with {ndim} dimensions"
        )
    return result


def onehot_encode(indices, out):
    """Write a row with a one at the place of each index into `out` of shape (count, classes)."""
    return _op_one_hot(indices, depth=out.shape[1], dtype=out.dtype, out=out)


def histogram(a, bins=10, range=None):
    """How many elements fall into each bin.

    Args:
        a (NDArray): The elements.
        bins (int or NDArray): Number of bins of equal width, or their edges.
        range (tuple of float): Lower end of the first and upper end of the last bin.

    Returns:
        The counts and the edges; a list of NDArray, but a tuple where neither edges nor a range
        are given. Counts are int64, but float32 where neither is given. Edges are float64 where
        `a` is and one of these is given, else float32.
    """
    edges = bins.asnumpy() if isinstance(bins, NDArray) else bins
    # In float64, so that edges do not depend on the version of NumPy.
    counts, edges = np.histogram(a.asnumpy().astype(np.float64), edges, range)
    if range is None and not isinstance(bins, NDArray):
        return tuple(array(each, a.context, np.float32) for each in (counts, edges))
    edges_dtype = np.float64 if a.dtype == np.float64 else np.float32
    return [array(counts, a.context, np.int64), array(edges, a.context, edges_dtype)]


def split_v2(ary, indices_or_sections, axis=0, squeeze_axis=False):
    """Split an array along an axis into equal parts or at given places.

    Args:
        ary (NDArray): The array.
        indices_or_sections (int or tuple of int): Number of parts, or where each part after the
            first begins.
        axis (int): Along which axis.
        squeeze_axis (bool): Whether to drop the axis from parts of size 1.

    Raises:
        ValueError: The axis cannot be divided into that many equal parts.
    """
    if isinstance(indices_or_sections, (int, np.integer)):
        size = ary.shape[axis]
        if indices_or_sections < 1 or size % indices_or_sections:
            raise error.ValueError(
                f"split_v2: indices_or_sections={indices_or_sections} does not divide the {size} "
                f"elements along axis {axis}; expected a number that does, or where parts begin"
            )
        return _op_split_v2(
            ary, indices=(), axis=axis, squeeze_axis=squeeze_axis, sections=indices_or_sections
        )
    return _op_split_v2(
        ary,
        indices=(0,) + tuple(indices_or_sections),
        axis=axis,
        squeeze_axis=squeeze_axis,
        sections=0,
    )
