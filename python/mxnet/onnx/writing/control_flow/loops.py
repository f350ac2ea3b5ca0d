"""``foreach`` as Scan, ``while_loop`` as Loop."""

import numpy as np

from ..registry import translates
from ..source import Type
from ..subgraph import graph_of
from ..translate import translate_inner

_INT, _BOOL = np.dtype("int64"), np.dtype("bool")


def _piece(kind):
    """The type of one element along axis 0."""
    return Type(tuple(shape and shape[1:] for shape in kind.shapes), kind.dtype)


@translates("_foreach", ignores=("num_outputs",))
def foreach(node, g):
    attrs = node.attrs
    data, state, rest = attrs.in_data_locs, attrs.in_state_locs, attrs.remain_locs
    if not data:
        node.refuse("has no data, which say how often it runs", "while_loop is expected")
    names, kinds = {}, {}
    pieces = [g.new_name("piece") for _ in data]
    states = [g.new_name("state") for _ in state]
    outside = node.inputs[len(data) + len(state) :]
    for place, name, kind in zip(
        (*data, *state, *rest), (*pieces, *states, *outside), node.in_types
    ):
        names[place] = name
        kinds[place] = _piece(kind) if place in data else kind
    order = range(len(names))
    inner, heads, types = translate_inner(
        g, node.graphs[0], [names[i] for i in order], [kinds[i] for i in order]
    )
    count = attrs.num_out_data
    results = list(zip(heads, (each.dtype for each in types)))
    body = graph_of(
        inner,
        "body",
        [(names[place], kinds[place].dtype) for place in (*state, *data)],
        results[count:] + results[:count],
    )
    given = node.inputs
    found = g.add(
        "Scan",
        [*given[len(data) : len(data) + len(state)], *given[: len(data)]],
        outputs=len(results),
        body=body,
        num_scan_inputs=len(data),
    )
    found = [found] if isinstance(found, str) else found
    return found[len(state) :] + found[: len(state)]


@translates("_while_loop", ignores=("num_outputs",))
def while_loop(node, g):
    """The condition is asked before the first step and behind each one; rows left over are 0."""
    attrs = node.attrs
    variables = [attrs.func_input_locs[i] for i in attrs.func_var_locs]
    count = attrs.num_out_data
    states = [g.new_name("variable") for _ in variables]
    start = _condition(node, g, node.inputs)[0]
    inside = list(node.inputs)
    for place, name in zip(variables, states):
        inside[place] = name
    inner, heads, types = translate_inner(
        g,
        node.graphs[1],
        [inside[i] for i in attrs.func_input_locs],
        [node.in_types[i] for i in attrs.func_input_locs],
    )
    after = list(node.inputs)
    for place, name in zip(variables, heads[count:]):
        after[place] = name
    goes_on = _condition(node, inner, after)[0]
    results = list(zip(heads, (each.dtype for each in types)))
    step, going = g.new_name("step"), g.new_name("going")
    body = graph_of(
        inner,
        "body",
        [(step, _INT, ()), (going, _BOOL, ())]
        + [(n, node.in_types[i].dtype) for n, i in zip(states, variables)],
        [(goes_on, _BOOL), *results[count:], *results[:count]],
    )
    found = g.add(
        "Loop",
        [g.number(attrs.max_iterations, _INT), start, *(node.inputs[i] for i in variables)],
        outputs=len(results),
        body=body,
    )
    found = [found] if isinstance(found, str) else found
    rows = [_filled(g, each, node, i) for i, each in enumerate(found[len(variables) :])]
    return rows + found[: len(variables)]


def _condition(node, g, values):
    """The condition of a loop for the values that the node's inputs have by now, as a bool."""
    places = node.attrs.cond_input_locs
    inner, heads, types = translate_inner(
        g, node.graphs[0], [values[i] for i in places], [node.in_types[i] for i in places]
    )
    g.nodes.extend(inner.nodes)
    return [g.Reshape(g.cast(heads[0], bool), g.constant(np.zeros(0, _INT)))]


def _filled(g, rows, node, i):
    """Rows of the steps, and zeros up to the largest number of steps."""
    count, (_, *dims) = g.size(rows, 0), node.out_dims(i)
    # A loop without a step need not know the other axes.
    rows = g.reshape(rows, [count, *dims])
    missing = g.Sub(g.ints(node.attrs.max_iterations), count)
    pads = [g.ints(*[0] * (len(dims) + 1)), missing]
    pads += [g.ints(*[0] * len(dims))] if dims else []
    return g.Pad(rows, g.Concat(*pads, axis=0))
