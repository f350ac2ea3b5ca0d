"""How many elements fall into bins."""

import numpy as np

from ..registry import translates
from ..subgraph import scan

_INT, _WIDE = np.dtype("int64"), np.dtype("float64")


@translates("_histogram")
def histogram(node, g):
    """How many are not below each edge; the last bin has its upper edge, too."""
    attrs, x = node.attrs, node.input_as(0, _WIDE)
    if attrs.bin_cnt is not None:
        low, high = attrs.range
        edges = low + (high - low) * np.arange(attrs.bin_cnt + 1) / attrs.bin_cnt
        edges[-1] = high
        edges = g.constant(edges)
    else:
        attrs.ignore("range")
        edges = node.input_as(1, _WIDE)

    def step(inner, states, pieces):
        reached = inner.cast(inner.GreaterOrEqual(x, pieces[0]), _INT)
        return [], [(inner.reduce("ReduceSum", reached), _INT, 0)]

    counts = scan(g, [], [(edges, _WIDE)], step)[1][0]
    above = g.cast(g.Greater(x, g.slice(edges, 0, -1, None)), _INT)
    above = g.unsqueeze(g.reduce("ReduceSum", above), 0)
    upper = g.Concat(g.slice(counts, 0, 1, -1), above, axis=0)
    return [g.Sub(g.slice(counts, 0, 0, -1), upper), g.cast(edges, node.out_dtype(1))]
