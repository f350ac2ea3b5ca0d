"""Repeating an array along axes of size 1."""

from ..registry import translates


@translates("broadcast_to")
def broadcast_to(node, g):
    """A 0 in the shape keeps the size."""
    wanted = [1 if size == 0 else size for size in node.attrs.shape]
    return g.Expand(node.inputs[0], g.ints(*wanted))


@translates("_npi_broadcast_to", kind="one")
def numpy_broadcast_to(node, g):
    return g.Expand(node.inputs[0], g.ints(*node.attrs.shape))


@translates("broadcast_axis")
def broadcast_axis(node, g):
    wanted = [1] * node.rank()
    for axis, size in zip(node.attrs.axis, node.attrs.size):
        wanted[axis] = size
    return g.Expand(node.inputs[0], g.ints(*wanted))


@translates("broadcast_like")
def broadcast_like(node, g):
    data, like = node.inputs
    mine, theirs = node.attrs.lhs_axes, node.attrs.rhs_axes
    if mine is None or theirs is None:
        return g.Expand(data, g.Shape(like))
    wanted = [g.ints(1)] * node.rank()
    for axis, other in zip(mine, theirs):
        wanted[axis] = g.size(like, node.axis(other, 1))
    return g.Expand(data, g.Concat(*wanted, axis=0))
