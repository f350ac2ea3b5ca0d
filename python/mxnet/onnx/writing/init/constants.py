"""Arrays without inputs: they are computed once and stored."""

import numpy as np

from ..registry import translates


@translates("_zeros", "_zeros_without_dtype", ignores=("shape", "dtype"), kind="folded")
def zeros(node, g):
    return g.constant(np.zeros(node.out_shape(), node.out_dtype()))


@translates("_ones", ignores=("shape", "dtype"), kind="folded")
def ones(node, g):
    return g.constant(np.ones(node.out_shape(), node.out_dtype()))


@translates(
    "_full",
    "_arange",
    "_linspace",
    "_eye",
    ignores=(
        *("start", "stop", "step", "repeat", "infer_range", "num", "endpoint"),
        *("N", "M", "k", "value", "shape", "dtype"),
    ),
    kind="folded",
)
def computed(node, g):
    """Runs the operator itself."""
    return g.constant(node.evaluate())


@translates("_contrib_arange_like", ignores=("axis",))
def arange_like(node, g):
    """Numbers along an axis whose size may vary, or as many as there are elements."""
    attrs, dtype = node.attrs, node.out_dtype()
    dims = node.out_dims()
    if None not in dims:
        steps = np.arange(np.prod(dims, dtype=np.int64)) // attrs.repeat
        return g.constant((attrs.start + attrs.step * steps).astype(dtype).reshape(dims))
    x = node.inputs[0]
    count = g.Size(x) if attrs.axis is None else g.squeeze(g.size(x, node.axis(attrs.axis)), 0)
    steps = g.Range(g.number(0, np.int64), count, g.number(1, np.int64))
    if attrs.repeat != 1:
        steps = g.Div(steps, g.number(attrs.repeat, np.int64))
    steps = g.Mul(g.cast(steps, dtype), g.number(attrs.step, dtype))
    found = g.Add(steps, g.number(attrs.start, dtype))
    return g.Reshape(found, g.Shape(x)) if attrs.axis is None else found


@translates("_contrib_index_array", kind="folded")
def index_array(node, g):
    shape = node.shape()
    axes = node.attrs.axes
    axes = range(len(shape)) if axes is None else [node.axis(axis) for axis in axes]
    grid = np.indices(shape)
    return g.constant(np.stack([grid[axis] for axis in axes], axis=-1).astype(node.out_dtype()))
