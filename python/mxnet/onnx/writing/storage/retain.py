"""Some rows of an array that is dense in files."""

import numpy as np

from ..registry import translates

_INT = np.dtype("int64")


@translates("_sparse_retain")
def retain(node, g):
    """The rows whose numbers are given, zeros for the others."""
    rows = g.unsqueeze(node.steps(g, 0), 1)
    wanted = g.cast(g.Equal(rows, g.unsqueeze(node.input_as(1, _INT), 0)), np.dtype("int32"))
    kept = g.cast(g.reduce("ReduceMax", wanted, [1]), bool)
    behind = range(1, node.rank())
    kept = g.unsqueeze(kept, *behind) if behind else kept
    return g.Where(kept, node.inputs[0], g.number(0, node.dtype()))
