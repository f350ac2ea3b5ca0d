"""Reductions of mx.np, which give an array without axes where nothing is left."""

import numpy as np

from ..registry import translates
from .sums import axes_of

_INT, _FLOAT = np.dtype("int64"), np.dtype("float32")


def numpy_axes(node, given):
    """The axes that are reduced: all of them for None, none for ()."""
    return [] if given == () else axes_of(node, given)


def _work_dtype(node, floating):
    """The wider one of the dtypes of argument and result, which ONNX can add."""
    found = np.result_type(node.dtype(), node.out_dtype())
    if floating and found.kind != "f":
        return _FLOAT
    return _INT if found.kind in "iub" and found.itemsize < 4 else found


def _summed(kind, floating=False):
    def function(node, g):
        work, attrs = _work_dtype(node, floating), node.attrs
        axes = numpy_axes(node, attrs.axis)
        found = g.reduce(kind, node.input_as(0, work), axes, attrs.keepdims)
        attrs.ignore("dtype")
        return found if work == node.out_dtype() else g.cast(found, node.out_dtype())

    return function


translates("_np_sum", kind="one", ignores=("initial",))(_summed("ReduceSum"))
translates("_np_prod", kind="one", ignores=("initial",))(_summed("ReduceProd"))
translates("_npi_mean", kind="one", ignores=("initial",))(_summed("ReduceMean", floating=True))


def _extremum(kind):
    def function(node, g):
        dtype = node.dtype()
        work = _INT if dtype.kind in "iub" and dtype.itemsize < 4 else dtype
        axes = numpy_axes(node, node.attrs.axis)
        found = g.reduce(kind, node.input_as(0, work), axes, node.attrs.keepdims)
        return found if work == dtype else g.cast(found, dtype)

    return function


translates("_np_max", kind="one", ignores=("initial",))(_extremum("ReduceMax"))
translates("_np_min", kind="one", ignores=("initial",))(_extremum("ReduceMin"))


def _truth(answer):
    """Whether the number of elements that are (or are not) zero is 0, or is not."""

    def function(node, g):
        x, dtype = node.inputs[0], node.dtype()
        is_zero = g.Not(x) if dtype.kind == "b" else g.Equal(x, g.number(0, dtype))
        counted = is_zero if answer == "all" else g.Not(is_zero)
        axes = numpy_axes(node, node.attrs.axis)
        count = g.reduce("ReduceSum", g.cast(counted, _INT), axes, node.attrs.keepdims)
        none = g.Equal(count, g.number(0, _INT))
        return none if answer == "all" else g.Not(none)

    return function


translates("_np_any")(_truth("any"))
translates("_np_all")(_truth("all"))


def _place(kind):
    def function(node, g):
        x, axis, keepdims = node.inputs[0], node.attrs.axis, node.attrs.keepdims
        if axis is not None:
            return g.add(kind, [x], axis=node.axis(axis), keepdims=int(keepdims))
        found = g.add(kind, [g.Reshape(x, g.ints(-1))], axis=0, keepdims=0)
        return g.Reshape(found, g.ints(*[1] * node.rank())) if keepdims else found

    return function


translates("_npi_argmax")(_place("ArgMax"))
translates("_npi_argmin")(_place("ArgMin"))


def _count(node, g, axes, dtype):
    """How many elements are reduced into one, as a number."""
    return g.cast(g.reduce("ReduceProd", g.Gather(g.Shape(node.inputs[0]), g.ints(*axes))), dtype)


def _variance(node, g, work):
    attrs, x = node.attrs, node.input_as(0, work)
    axes = numpy_axes(node, attrs.axis)
    off = g.Sub(x, g.reduce("ReduceMean", x, axes, True))
    total = g.reduce("ReduceSum", g.Mul(off, off), axes, attrs.keepdims)
    divisor = g.Sub(_count(node, g, axes, work), g.number(attrs.ddof, work))
    return g.Div(total, g.Max(divisor, g.number(0, work)))


@translates("_npi_var", ignores=("dtype",))
def var(node, g):
    work = _work_dtype(node, floating=True)
    return g.cast(_variance(node, g, work), node.out_dtype())


@translates("_npi_std", ignores=("dtype",))
def std(node, g):
    work = _work_dtype(node, floating=True)
    return g.cast(g.Sqrt(_variance(node, g, work)), node.out_dtype())


def _plain_average(node, g, axes, returned):
    x, dtype = node.inputs[0], node.dtype()
    mean = g.reduce("ReduceMean", x, axes)
    return [mean, _count(node, g, axes, dtype)] if returned else mean


@translates("_npi_average")
def average(node, g):
    attrs = node.attrs
    axes = numpy_axes(node, attrs.axis)
    if not attrs.weighted:
        return _plain_average(node, g, axes, attrs.returned)
    x, weights = node.inputs
    alike = node.dims(0) == node.dims(1)
    total = g.reduce("ReduceSum", weights, axes if alike else [0])
    if not alike:
        shape = [1] * node.rank()
        shape[axes[0]] = -1
        weights = g.Reshape(weights, g.ints(*shape))
    found = g.Div(g.reduce("ReduceSum", g.Mul(x, weights), axes), total)
    return [found, total] if attrs.returned else found


def _order_norm(node, g, x, axes, order):
    dtype = node.dtype()
    if order == 0:
        is_zero = g.Equal(x, g.number(0, dtype))
        return g.reduce("ReduceSum", g.cast(g.Not(is_zero), dtype), axes, True)
    powers = g.Pow(g.Abs(x), g.number(order, dtype))
    return g.Pow(g.reduce("ReduceSum", powers, axes, True), g.number(1 / order, dtype))


@translates("_npi_norm")
def norm(node, g):
    """Of vectors, and Frobenius'; ONNX finds no singular values."""
    attrs, rank, x = node.attrs, node.rank(), node.inputs[0]
    last = list(range(max(rank - 2, 0), rank))
    axes = last if attrs.axis is None else numpy_axes(node, attrs.axis)
    if attrs.flag == -2:
        axes = list(range(rank))
    if attrs.flag in (0, 2) or (attrs.flag == -1 and len(axes) == 2):
        node.refuse("is told from singular values", "another norm is expected", "flag")
    order = attrs.ord if attrs.flag == -1 else 2
    work = _FLOAT if node.dtype().kind != "f" else node.dtype()
    x = node.input_as(0, work)
    if not axes:
        found = g.Abs(x)
    elif order in (1, 2):
        found = g.reduce({1: "ReduceL1", 2: "ReduceL2"}[order], x, axes, True)
    else:
        found = _order_norm(node, g, x, axes, order)
    if not attrs.keepdims and axes:
        found = g.squeeze(found, *axes)
    return found if work == node.out_dtype() else g.cast(found, node.out_dtype())
