"""Factors and inverses of matrices, and what is solved with them: a Scan over columns or rows.

Sizes of matrices have to be known, those of the axes in front need not.
"""

import numpy as np

from ..matrix.dot import swapped
from ..registry import translates
from ..subgraph import scan
from .products import scaled

_INT = np.dtype("int64")


class Matrices:
    """The square or wide matrices of a node.

    Attributes:
        rank: Number of axes.
        dtype: Their dtype.
    """

    def __init__(self, node, g, i=0):
        self._g = g
        self.rank, self.dtype = node.rank(i), node.dtype(i)

    def column(self, g, x, j):
        """Column j (..., n) of matrices."""
        return g.Gather(x, j, axis=self.rank - 1)

    def row(self, g, x, i):
        """Row i (..., n)."""
        return g.Gather(x, i, axis=self.rank - 2)

    def outer(self, g, column, row):
        """Products (..., m, n) of columns (..., m) and rows (..., n)."""
        return g.Mul(g.unsqueeze(column, self.rank - 1), g.unsqueeze(row, self.rank - 2))

    def each(self, start, count, step, backward=False):
        """Goes through rows or columns; what `step` gives for each is stacked as (..., count, n).

        Args:
            start: The matrices that a step changes.
            count: How many rows or columns.
            step: Takes a writer, the matrices and a number; gives the matrices and a row.
            backward: Whether from the last one to the first.
        """

        def body(inner, states, pieces):
            after, row = step(inner, states[0], pieces[0])
            return [after], [(row, self.dtype, self.rank - 1)]

        numbers = self._g.constant(np.arange(count, dtype=_INT))
        states = [(start, self.dtype, self.rank)]
        last, rows = scan(self._g, states, [(numbers, _INT)], body, backward)
        return last[0], self._g.Transpose(
            rows[0], perm=[*range(1, self.rank - 1), 0, self.rank - 1]
        )


def _solved(node, g, triangle, values, lower):
    """X with triangle X = values, row by row: what a row says is taken out of the others."""
    of, size = Matrices(node, g), node.size(-1)

    def eliminate(inner, left, number):
        column = of.column(inner, triangle, number)
        pivot = inner.Gather(column, inner.unsqueeze(number, 0), axis=of.rank - 2)
        row = inner.Div(of.row(inner, left, number), pivot)
        return inner.Sub(left, of.outer(inner, column, row)), row

    return of.each(values, size, eliminate, backward=not lower)[1]


@translates("_linalg_potrf")
def cholesky(node, g):
    """Column by column, of the lower triangle alone."""
    of, size = Matrices(node, g), node.size(-1)

    def step(inner, left, number):
        column = of.column(inner, left, number)
        pivot = inner.Gather(column, inner.unsqueeze(number, 0), axis=of.rank - 2)
        inside = inner.LessOrEqual(number, np.arange(size, dtype=_INT))
        column = inner.Where(inside, inner.Div(column, inner.Sqrt(pivot)), g.number(0, of.dtype))
        return inner.Sub(left, of.outer(inner, column, column)), column

    return swapped(g, of.each(node.inputs[0], size, step)[1], of.rank)


@translates("_linalg_potri")
def inverse_of_factor(node, g):
    """The product of the factor's inverse with itself."""
    size = node.size(-1)
    ones = g.Expand(np.eye(size, dtype=node.dtype()), g.Shape(node.inputs[0]))
    inverse = _solved(node, g, node.inputs[0], ones, lower=True)
    return g.MatMul(swapped(g, inverse, node.rank()), inverse)


@translates("_linalg_trsm")
def triangular_solve(node, g):
    attrs, rank = node.attrs, node.rank()
    triangle, values = node.inputs
    # X op(A) = B is op(A)^T X^T = B^T.
    turned = attrs.transpose != attrs.rightside
    if turned:
        triangle = swapped(g, triangle, rank)
    if attrs.rightside:
        values = swapped(g, values, rank)
    values = scaled(g, values, attrs.alpha, node.dtype())
    found = _solved(node, g, triangle, values, lower=attrs.lower != turned)
    return swapped(g, found, rank) if attrs.rightside else found


@translates("_linalg_inverse")
def inverse(node, g):
    """Gauss and Jordan, with the largest pivot of each column."""
    of, size, x = Matrices(node, g), node.size(-1), node.inputs[0]
    dtype, rows = of.dtype, np.arange(size, dtype=_INT)
    ones = g.Expand(np.eye(size, dtype=dtype), g.Shape(x))

    def step(inner, both, number):
        column = of.column(inner, both, number)
        below = inner.LessOrEqual(number, rows)
        sizes = inner.Where(below, inner.Abs(column), g.number(-1, dtype))
        best = inner.ArgMax(sizes, axis=of.rank - 2, keepdims=1)
        is_best = inner.unsqueeze(inner.Equal(best, rows), of.rank - 1)
        is_here = inner.Reshape(inner.Equal(number, rows), g.ints(size, 1))
        zero = g.number(0, dtype)
        pivot_row = inner.reduce("ReduceSum", inner.Where(is_best, both, zero), [of.rank - 2], True)
        here = inner.Gather(both, inner.unsqueeze(number, 0), axis=of.rank - 2)
        both = inner.Where(is_best, here, both)
        pivot = inner.Gather(pivot_row, inner.unsqueeze(number, 0), axis=of.rank - 1)
        row = inner.Div(pivot_row, pivot)
        column = inner.Gather(both, inner.unsqueeze(number, 0), axis=of.rank - 1)
        both = inner.Where(is_here, row, inner.Sub(both, inner.Mul(column, row)))
        return both, inner.squeeze(row, of.rank - 2)

    both = of.each(g.Concat(x, ones, axis=of.rank - 1), size, step)[0]
    return g.slice(both, of.rank - 1, size, None)


@translates("_linalg_gelqf")
def lq(node, g):
    """Householder's reflections of the columns, as LAPACK chooses their signs."""
    of, rows, columns = Matrices(node, g), node.size(-2), node.size(-1)
    dtype, last, x = of.dtype, of.rank - 1, node.inputs[0]
    zero, one = g.number(0, dtype), g.number(1, dtype)

    def step(inner, both, number):
        """`both` is A above the product of the reflections so far."""
        row = of.row(inner, both, number)
        places = np.arange(columns, dtype=_INT)
        here, behind = inner.Equal(number, places), inner.Less(number, places)
        tail = inner.Where(behind, row, zero)
        squares = inner.reduce("ReduceSum", inner.Mul(tail, tail), [last - 1], True)
        first = inner.Gather(row, inner.unsqueeze(number, 0), axis=last - 1)
        norm = inner.Sqrt(inner.Add(squares, inner.Mul(first, first)))
        beta = inner.Where(inner.Less(first, zero), norm, inner.Neg(norm))
        head = inner.Sub(first, beta)
        mirror = inner.Where(here, head, tail)
        length = inner.Add(squares, inner.Mul(head, head))
        done = inner.Equal(squares, zero)
        factor = inner.Where(
            done, zero, inner.Div(g.number(2, dtype), inner.Where(done, one, length))
        )
        upright = inner.unsqueeze(inner.Mul(mirror, factor), last)
        product = inner.squeeze(inner.MatMul(both, upright), last)
        return inner.Sub(both, of.outer(inner, product, mirror)), row

    eye = np.eye(columns, dtype=dtype)
    batch = node.sizes(g)[:-2]
    parts = [each if isinstance(each, str) else g.ints(each) for each in (*batch, columns, columns)]
    start = g.Concat(x, g.Expand(eye, g.Concat(*parts, axis=0)), axis=last - 1)
    both = of.each(start, rows, step)[0]
    lower = g.slice(g.slice(both, last - 1, 0, rows), last, 0, rows)
    lower = g.Where(np.tri(rows, dtype=bool), lower, zero)
    # Columns of the product I H1 ... Hm are the rows of Q.
    q = swapped(g, g.slice(g.slice(both, last - 1, rows, None), last, 0, rows), of.rank)
    return [q, lower]
