"""Pairs of rows and columns, best score first."""

import numpy as np

from ..registry import translates
from ..subgraph import scan

_INT = np.dtype("int64")


@translates("_contrib_bipartite_matching")
def bipartite_matching(node, g):
    """A Scan over all pairs in the order of their scores; of equal ones the first is better."""
    attrs, dtype = node.attrs, node.dtype()
    rows, columns = node.size(-2), node.size(-1)
    tables = g.Reshape(node.inputs[0], g.ints(-1, rows * columns))
    count = g.ints(rows * columns)
    scores, places = g.TopK(tables, count, axis=1, largest=int(not attrs.is_ascend), outputs=2)
    better = (g.Less if attrs.is_ascend else g.Greater)(scores, g.number(attrs.threshold, dtype))
    pieces = [
        (g.Transpose(places, perm=[1, 0]), _INT),
        (g.Transpose(better, perm=[1, 0]), np.dtype(bool)),
    ]
    none = g.number(-1, _INT)
    start = [
        (g.Expand(none, g.Concat(g.size(tables, 0), g.ints(size), axis=0)), _INT, 2)
        for size in (rows, columns)
    ]
    start.append(
        (g.Expand(g.number(0, _INT), g.Concat(g.size(tables, 0), g.ints(1), axis=0)), _INT, 2)
    )

    def step(inner, states, pieces):
        column_of, row_of, found = states
        place, wanted = (inner.unsqueeze(each, 1) for each in pieces)
        row = inner.Div(place, g.number(columns, _INT))
        column = inner.Sub(place, inner.Mul(row, g.number(columns, _INT)))
        free = inner.And(
            inner.Less(inner.GatherElements(column_of, row, axis=1), g.number(0, _INT)),
            inner.Less(inner.GatherElements(row_of, column, axis=1), g.number(0, _INT)),
        )
        taken = inner.And(free, wanted)
        if attrs.topk > 0:
            taken = inner.And(taken, inner.LessOrEqual(found, g.number(attrs.topk, _INT)))
        here = inner.And(taken, inner.Equal(np.arange(rows, dtype=_INT), row))
        there = inner.And(taken, inner.Equal(np.arange(columns, dtype=_INT), column))
        after = [inner.Where(here, column, column_of), inner.Where(there, row, row_of)]
        return [*after, inner.Add(found, inner.cast(taken, _INT))], []

    attrs.ignore("topk")
    matches = scan(g, start, pieces, step)[0][:2]
    return [
        g.cast(g.reshape(each, node.out_dims(i)), node.out_dtype(i))
        for i, each in enumerate(matches)
    ]
