"""Diagonals and triangles of matrices as vectors, and back."""

import numpy as np

from ..matrix.diag import make_diagonal, take_diagonal
from ..registry import translates


@translates("_linalg_extractdiag")
def extractdiag(node, g):
    rank = node.rank()
    return take_diagonal(node, g, node.attrs.offset, (rank - 2, rank - 1))


@translates("_linalg_makediag")
def makediag(node, g):
    return make_diagonal(node, g, node.attrs.offset)


def _triangle(size, offset, lower):
    """Places of a triangle's elements: rows of the lower, columns of the upper one.

    The sign of an offset chooses the triangle.
    """
    if offset < 0 or (offset == 0 and lower):
        return np.tril_indices(size, offset)
    rows, columns = np.tril_indices(size, -offset)
    return columns, rows


@translates("_linalg_extracttrian")
def extracttrian(node, g):
    *batch, size, _ = node.shape()
    rows, columns = _triangle(size, node.attrs.offset, node.attrs.lower)
    flat = g.Reshape(node.inputs[0], g.ints(*batch, size * size))
    return g.Gather(flat, (rows * size + columns).astype(np.int64), axis=len(batch))


@translates("_linalg_maketrian")
def maketrian(node, g):
    *batch, count = node.shape()
    size = node.out_shape()[-1]
    pick = np.full((size, size), count)
    pick[_triangle(size, node.attrs.offset, node.attrs.lower)] = np.arange(count)
    zero = g.constant(np.zeros((*batch, 1), node.dtype()))
    padded = g.Concat(node.inputs[0], zero, axis=len(batch))
    return g.Gather(padded, pick.astype(np.int64), axis=len(batch))
