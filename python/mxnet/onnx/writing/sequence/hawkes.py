"""Log likelihoods of sequences of events that excite further ones."""

import numpy as np

from ..registry import translates
from ..subgraph import scan

_INT, _WIDE = np.dtype("int64"), np.dtype("float64")


@translates("_contrib_hawkesll")
def hawkesll(node, g):
    """A Scan over the events, in float64."""
    lda, alpha, beta, state, lags = (node.input_as(i, _WIDE) for i in range(5))
    marks = node.input_as(5, _INT)
    lengths, ends = (g.unsqueeze(node.input_as(i, _WIDE), 1) for i in (6, 7))
    kinds = np.arange(node.size(1), dtype=_INT)
    one = np.array(1.0)

    def passed(g, now, last, level):
        """Expected events since the last ones, and what is left of their excitement."""
        time = g.Sub(now, last)
        decay = g.Exp(g.Neg(g.Mul(beta, time)))
        excited = g.Mul(g.Mul(alpha, level), g.Sub(one, decay))
        return g.Add(g.Mul(lda, time), excited), g.Mul(level, decay)

    def step(inner, states, pieces):
        time, last, level, total = states
        lag, mark = (inner.unsqueeze(each, 1) for each in pieces[:2])
        time = inner.Add(time, lag)
        here = inner.And(inner.Equal(kinds, mark), inner.Less(pieces[2], lengths))
        expected, left = passed(inner, time, last, level)
        rate = inner.Add(lda, inner.Mul(inner.Mul(alpha, beta), left))
        gain = inner.Where(here, inner.Sub(inner.Log(rate), expected), np.array(0.0))
        total = inner.Add(total, inner.reduce("ReduceSum", gain, [1], True))
        level = inner.Where(here, inner.Add(left, one), level)
        return [time, inner.Where(here, time, last), level, total], []

    nothing = g.Mul(ends, np.array(0.0))
    none = g.Mul(state, np.array(0.0))
    states = [(each, _WIDE, 2) for each in (nothing, none, state, nothing)]
    turned = [
        (g.Transpose(each, perm=[1, 0]), kind) for each, kind in ((lags, _WIDE), (marks, _INT))
    ]
    numbers = g.cast(node.steps(g, 1, 4), _WIDE)
    _, last, level, total = scan(g, states, [*turned, (numbers, _WIDE)], step)[0]
    expected, level = passed(g, ends, last, level)
    total = g.Sub(total, g.reduce("ReduceSum", expected, [1], True))
    return [g.cast(g.squeeze(total, 1), node.out_dtype()), g.cast(level, node.out_dtype(1))]
