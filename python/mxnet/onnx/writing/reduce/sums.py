"""Sums, products, extrema, norms and moments."""

import numpy as np

from ..registry import translates


def axes_of(node, given, exclude=False):
    """The axes that a parameter names, counted from the front: all of them for None or ()."""
    if given is None or given == ():
        return list(range(node.rank()))
    axes = {node.axis(axis) for axis in given}
    return [axis for axis in range(node.rank()) if (axis in axes) != exclude]


def reduced(node, g, kind, value, axes, keepdims):
    """A reduction; one over all axes gives one axis of size 1."""
    dtype = node.out_dtype()
    if dtype.kind in "iub" and dtype.itemsize < 4:
        # ONNX adds no short integers.
        value = g.cast(value, np.int64)
    result = g.reduce(kind, value, axes, keepdims)
    if dtype.kind in "iub" and dtype.itemsize < 4:
        result = g.cast(result, dtype)
    if len(axes) == node.rank() and not keepdims:
        return g.Reshape(result, g.ints(1))
    return result


def _reduction(kind, prepare=None):
    def function(node, g):
        attrs = node.attrs
        axes = axes_of(node, attrs.axis, attrs.exclude)
        value = prepare(node, g) if prepare else node.input_as(0, node.out_dtype())
        return reduced(node, g, kind, value, axes, attrs.keepdims)

    return function


def _without_nan(replacement):
    def function(node, g):
        x = node.inputs[0]
        return g.Where(g.IsNaN(x), g.number(replacement, node.dtype()), x)

    return function


translates("sum", kind="one")(_reduction("ReduceSum"))
translates("mean", kind="one")(_reduction("ReduceMean"))
translates("prod", kind="one")(_reduction("ReduceProd"))
translates("max", kind="one")(_reduction("ReduceMax"))
translates("min", kind="one")(_reduction("ReduceMin"))
translates("_square_sum", kind="one")(_reduction("ReduceSumSquare"))
translates("nansum")(_reduction("ReduceSum", _without_nan(0)))
translates("nanprod")(_reduction("ReduceProd", _without_nan(1)))


@translates("norm", kind="one", ignores=("out_dtype",))
def norm(node, g):
    kinds = {1: "ReduceL1", 2: "ReduceL2"}
    if node.attrs.ord not in kinds:
        node.refuse("is no norm that ONNX has", "1 or 2 is expected", "ord")
    axes = axes_of(node, node.attrs.axis)
    value = node.input_as(0, node.out_dtype())
    return reduced(node, g, kinds[node.attrs.ord], value, axes, node.attrs.keepdims)


@translates("moments")
def moments(node, g):
    x, axes, keepdims = node.inputs[0], axes_of(node, node.attrs.axes), node.attrs.keepdims
    off = g.Sub(x, g.reduce("ReduceMean", x, axes, True))
    return [
        reduced(node, g, "ReduceMean", x, axes, keepdims),
        reduced(node, g, "ReduceMean", g.Mul(off, off), axes, keepdims),
    ]


@translates("multi_sum_sq", ignores=("num_arrays",))
def multi_sum_sq(node, g):
    parts = [
        g.reduce("ReduceSumSquare", g.Reshape(node.input_as(i, np.float32), g.ints(-1)), [0], True)
        for i in range(len(node.inputs))
    ]
    return g.Concat(*parts, axis=0)


@translates("_np_cumsum", ignores=("dtype",))
def cumsum(node, g):
    dtype, axis = node.out_dtype(), node.attrs.axis
    short = dtype.kind in "iub" and dtype.itemsize < 4
    x = node.input_as(0, np.dtype("int64") if short else dtype)
    if axis is None:
        x, axis = g.Reshape(x, g.ints(-1)), 0
    found = g.CumSum(x, g.constant(np.int64(axis)))
    return g.cast(found, dtype) if short else found
