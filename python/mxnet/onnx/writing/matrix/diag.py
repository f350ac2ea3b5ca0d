"""Diagonals of matrices, and matrices of diagonals."""

import numpy as np

from ..registry import translates


def take_diagonal(node, g, offset, axes, last=True):
    """A diagonal over two axes, as the last axis."""
    shape = node.shape()
    rows, columns = (shape[axis] for axis in axes)
    rest = [axis for axis in range(len(shape)) if axis not in axes]
    x = g.Transpose(node.inputs[0], perm=[*rest, *axes])
    flat = g.Reshape(x, g.ints(*(shape[axis] for axis in rest), rows * columns))
    places = np.arange(rows * columns).reshape(rows, columns).diagonal(offset)
    return g.Gather(flat, places.astype(np.int64), axis=len(rest))


def make_diagonal(node, g, offset):
    """Matrices whose diagonals are the last axis of the input."""
    *batch, count = node.shape()
    size = count + abs(offset)
    pick = np.full((size, size), count)
    pick[np.arange(count) - min(offset, 0), np.arange(count) + max(offset, 0)] = np.arange(count)
    zero = g.constant(np.zeros((*batch, 1), node.dtype()))
    padded = g.Concat(node.inputs[0], zero, axis=len(batch))
    return g.Gather(padded, pick.astype(np.int64), axis=len(batch))


@translates("diag")
def diag(node, g):
    attrs = node.attrs
    if node.rank() == 1:
        return make_diagonal(node, g, attrs.k)
    return take_diagonal(node, g, attrs.k, (node.axis(attrs.axis1), node.axis(attrs.axis2)))
