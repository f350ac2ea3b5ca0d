"""Diagonals of matrices, and matrices of diagonals."""

import numpy as np

from ..registry import translates


def take_diagonal(node, g, offset, axes):
    """A diagonal over two axes, as the last axis."""
    rows, columns = (node.size(axis) for axis in axes)
    rest = [axis for axis in range(node.rank()) if axis not in axes]
    x = g.Transpose(node.inputs[0], perm=[*rest, *axes])
    flat = g.Reshape(x, g.ints(*[0] * len(rest), rows * columns))
    places = np.arange(rows * columns).reshape(rows, columns).diagonal(offset)
    return g.Gather(flat, places.astype(np.int64), axis=len(rest))


def spread(node, g, pick):
    """Elements of the last axis at the places that `pick` says; the one behind them is 0."""
    last = node.rank() - 1
    padded = g.Pad(node.inputs[0], g.ints(*[0] * (2 * last + 1), 1))
    return g.Gather(padded, pick.astype(np.int64), axis=last)


def make_diagonal(node, g, offset):
    """Matrices whose diagonals are the last axis of the input."""
    count = node.size(-1)
    size = count + abs(offset)
    pick = np.full((size, size), count)
    pick[np.arange(count) - min(offset, 0), np.arange(count) + max(offset, 0)] = np.arange(count)
    return spread(node, g, pick)


@translates("diag")
def diag(node, g):
    attrs = node.attrs
    if node.rank() == 1:
        return make_diagonal(node, g, attrs.k)
    return take_diagonal(node, g, attrs.k, (node.axis(attrs.axis1), node.axis(attrs.axis2)))
