"""Diagonals and triangles of matrices as vectors, and back."""

import numpy as np

from ..matrix.diag import make_diagonal, spread, take_diagonal
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
    size, batch = node.size(-1), node.rank() - 2
    rows, columns = _triangle(size, node.attrs.offset, node.attrs.lower)
    flat = g.Reshape(node.inputs[0], g.ints(*[0] * batch, size * size))
    return g.Gather(flat, (rows * size + columns).astype(np.int64), axis=batch)


@translates("_linalg_maketrian")
def maketrian(node, g):
    count, size = node.size(-1), node.out_size(-1)
    pick = np.full((size, size), count)
    pick[_triangle(size, node.attrs.offset, node.attrs.lower)] = np.arange(count)
    return spread(node, g, pick)
