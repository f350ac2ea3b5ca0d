"""``cond`` as If."""

import numpy as np

from ..registry import translates
from ..subgraph import graph_of
from ..translate import translate_inner


@translates("_cond", kind="one")
def cond(node, g):
    attrs = node.attrs
    choice = _inner(node, g, 0, attrs.cond_input_locs)
    g.nodes.extend(choice[0].nodes)
    chosen = g.Reshape(g.cast(choice[1][0], bool), g.constant(np.zeros(0, np.int64)))
    branches = []
    for number, places in ((1, attrs.then_input_locs), (2, attrs.else_input_locs)):
        inner, heads, types = _inner(node, g, number, places)
        results = [(head, kind.dtype) for head, kind in zip(heads, types)]
        branches.append(graph_of(inner, "branch", [], results))
    return g.add(
        "If",
        [chosen],
        outputs=attrs.num_outputs,
        then_branch=branches[0],
        else_branch=branches[1],
    )


def _inner(node, g, number, places):
    """A graph inside of the node, translated."""
    return translate_inner(
        g,
        node.graphs[number],
        [node.inputs[i] for i in places],
        [node.in_types[i] for i in places],
    )
