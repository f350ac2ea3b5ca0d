"""Percentiles along axes."""

import numpy as np

from ..registry import translates
from .mx_np import numpy_axes

_INT, _WIDE = np.dtype("int64"), np.dtype("float64")


def _sorted(node, g, axes):
    """The elements along some axes as one axis behind the others, ascending; and their number."""
    kept = [axis for axis in range(node.rank()) if axis not in axes]
    x = node.input_as(0, node.out_dtype())
    if node.rank() > 1:
        x = g.Transpose(x, perm=[*kept, *axes])
    sizes = node.sizes(g)
    flat = g.reshape(x, [*(sizes[axis] for axis in kept), None])
    count = g.size(flat, len(kept))
    return g.TopK(flat, count, axis=-1, largest=0, sorted=1, outputs=2)[0], count


def _place(g, q, count):
    """Where each percentage lies, counted from 0."""
    last = g.Sub(g.cast(g.squeeze(count, 0), _WIDE), g.number(1, _WIDE))
    return g.Mul(g.Div(q, g.number(100, _WIDE)), last)


def _between(g, ordered, place, kind, dtype):
    """Elements at places that lie between two of them."""

    def at(index):
        return g.Gather(ordered, g.cast(index, _INT), axis=-1)

    low, high = g.Floor(place), g.Ceil(place)
    if kind == "nearest":
        return at(g.Floor(g.Add(place, g.number(0.5, _WIDE))))
    if kind in ("lower", "higher"):
        return at(low if kind == "lower" else high)
    part = g.cast(g.Sub(place, low), dtype)
    if kind == "midpoint":
        is_between = g.Greater(high, low)
        part = g.Where(is_between, g.number(0.5, dtype), g.number(0, dtype))
    return g.Add(at(low), g.Mul(g.Sub(at(high), at(low)), part))


@translates("_npi_percentile")
def percentile(node, g):
    attrs, dtype = node.attrs, node.out_dtype()
    axes = numpy_axes(node, attrs.axis)
    is_number = attrs.q_scalar is not None
    q = g.number(attrs.q_scalar, _WIDE) if is_number else node.input_as(1, _WIDE)
    ordered, count = _sorted(node, g, axes)
    found = _between(g, ordered, _place(g, q, count), attrs.interpolation, dtype)
    kept, of_q = node.rank() - len(axes), 0 if is_number else node.rank(1)
    if of_q and kept:
        found = g.Transpose(found, perm=[kept, *range(kept)])
    if attrs.keepdims and axes:
        found = g.unsqueeze(found, *(axis + of_q for axis in axes))
    return found
