"""Sorting, and the largest elements."""

from ..registry import translates


def _ordered(node, g, count, ascending):
    """Values and places (int64) of the first `count` elements along the axis, and the axis."""
    x, axis = node.inputs[0], node.attrs.axis
    if axis is None:
        x, axis = g.Reshape(x, g.ints(-1)), 0
        size = g.Reshape(g.Size(x), g.ints(1))
    else:
        axis = node.axis(axis)
        size = node.dims()[axis]
        size = g.size(x, axis) if size is None else g.ints(size)
    count = size if count is None else g.ints(count)
    values, places = g.TopK(x, count, axis=axis, largest=int(not ascending), outputs=2)
    return x, values, places, axis


@translates("sort")
def sort(node, g):
    return _ordered(node, g, None, node.attrs.is_ascend)[1]


@translates("argsort", ignores=("dtype",))
def argsort(node, g):
    return g.cast(_ordered(node, g, None, node.attrs.is_ascend)[2], node.out_dtype())


@translates("topk", ignores=("dtype",))
def topk(node, g):
    attrs = node.attrs
    count = attrs.k if attrs.k > 0 else None
    x, values, places, axis = _ordered(node, g, count, attrs.is_ascend)
    if attrs.ret_typ == "value":
        return values
    if attrs.ret_typ == "mask":
        dtype = node.out_dtype()
        zeros = g.Expand(g.number(0, dtype), g.Shape(x))
        ones = g.Expand(g.number(1, dtype), g.Shape(places))
        mask = g.ScatterElements(zeros, places, ones, axis=axis)
        return mask if attrs.axis is not None else g.Reshape(mask, g.Shape(node.inputs[0]))
    if attrs.ret_typ == "both":
        return [values, g.cast(places, node.out_dtype(1))]
    return g.cast(places, node.out_dtype())
