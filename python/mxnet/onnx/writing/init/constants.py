"""Arrays without inputs: they are computed once and stored."""

import numpy as np

from ..registry import translates


def _filled(node, g, value):
    """One number everywhere; sizes that vary are those of an input."""
    kind, dims = node.out_types[0], node.out_dims()
    if None not in dims:
        return g.constant(np.full(dims, value, node.out_dtype()))
    sizes = [g.varying_size(each) for each in zip(*kind.shapes)]
    if any(found is None and size is None for found, size in zip(sizes, dims)):
        node.refuse("has a size that is none of an input's", "export it with dynamic=False")
    parts = [found if size is None else g.ints(size) for found, size in zip(sizes, dims)]
    return g.Expand(g.number(value, node.out_dtype()), g.Concat(*parts, axis=0))


@translates(
    "_zeros", "_npi_zeros", "_zeros_without_dtype", ignores=("shape", "dtype"), kind="folded"
)
def zeros(node, g):
    return _filled(node, g, 0)


@translates("_ones", "_npi_ones", ignores=("shape", "dtype"), kind="folded")
def ones(node, g):
    return _filled(node, g, 1)


@translates(
    "_full",
    "_arange",
    "_linspace",
    "_eye",
    "_npi_arange",
    "_npi_logspace",
    "_npi_eye",
    "_npi_identity",
    "_npi_indices",
    "_npi_blackman",
    "_npi_hamming",
    "_npi_hanning",
    ignores=(
        *("start", "stop", "step", "repeat", "infer_range", "num", "endpoint"),
        *("N", "M", "k", "value", "shape", "dtype", "base", "dimensions"),
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
