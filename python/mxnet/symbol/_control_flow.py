"""Loops in graphs: `mx.sym.contrib.foreach`."""

import collections
import itertools

from .. import _core, error
from .._core import Symbol
from ..attribute import AttrScope
from ..name import NameManager

__all__ = ["foreach"]

#: Operators of a body carry the name of their body under this attribute.
_SCOPE_KEY = "__subgraph_name__"
_scope_numbers = collections.defaultdict(itertools.count)
_copy = _core.symbol_function("_copy", "identity", __name__)


def _as_list(value, who, what):
    """The symbols that a user gave or a body returned, one for each output."""
    values = list(value) if isinstance(value, (list, tuple)) else [value]
    for item in values:
        if not isinstance(item, Symbol):
            raise error.TypeError(
                f"{who}: {what}={item!r} is of type {type(item).__name__}; "
                "a Symbol or a list of Symbols is expected"
            )
    return [value._output(i) for value in values for i in range(len(value))]


def _like(example, symbols):
    """One symbol where one was given, else a list."""
    return symbols[0] if isinstance(example, Symbol) and len(example) == 1 else symbols


def _argument_names(symbols):
    """Names of the variables that stand for symbols inside a body, each one once."""
    names = []
    for symbol in symbols:
        name = _core.name_of_argument(symbol)
        while name in names:
            name += "-0"
        names.append(name)
    return names


def _heads(results):
    """Outputs for a graph: each one a result of an operator of its own."""
    heads, nodes = [], set()
    for result in results:
        if _core.is_variable(result) or result.name in nodes:
            result = _copy(result)
        nodes.add(result.name)
        heads.append(result)
    return heads


def foreach(body, data, init_states, name="foreach"):
    """Run a function over the first axis of data, as one operator of the graph.

    Args:
        body (function): ``outputs, states = body(slices, states)``, called once, with symbols of
            the shapes of one slice of the data and of the states. It returns a Symbol or a list,
            and states in the form of `init_states`. It may use symbols from outside.
        data (Symbol or list of Symbol): What is sliced; each has the same size along axis 0.
        init_states (Symbol or list of Symbol): The states of the first step.
        name (str): Names the body in the graph.

    Returns:
        tuple: The outputs stacked along a new first axis, and the last states.

    Raises:
        TypeError: The body returned something else than symbols.
        ValueError: Data or a state is not used in the body, or the states differ in number.
    """
    slices, states = _as_list(data, "foreach", "data"), _as_list(init_states, "foreach", "states")
    scope = f"{name}{next(_scope_numbers[name])}"
    outer = AttrScope.current.get(None).get(_SCOPE_KEY)
    if outer:
        scope = f"{outer}${scope}"
    names = _argument_names(slices + states)
    with AttrScope(**{_SCOPE_KEY: scope}):
        arguments = [_core.variable(each, AttrScope.current.get(None)) for each in names]
        inner_data, inner_states = arguments[: len(slices)], arguments[len(slices) :]
        outputs, new_states = body(_like(data, inner_data), _like(init_states, inner_states))
        stacked = _as_list(outputs, "foreach", "the body's output")
        last = _as_list(new_states, "foreach", "the body's states")
        if len(last) != len(states):
            raise error.ValueError(
                f"foreach: the body returned {len(last)} states; {len(states)} are expected, as "
                "init_states has"
            )
        heads = _heads(stacked + last)
    graph, outside = _core.cut_graph(_core.group(heads), _SCOPE_KEY, scope)
    result = _apply(graph, dict(zip(names, slices + states)), outside, names, len(slices), heads)
    results = [result._output(i) for i in range(len(result))]
    return _like(outputs, results[: len(stacked)]), _like(new_states, results[len(stacked) :])


def _apply(graph, given, outside, names, num_data, heads):
    """The node whose body is `graph`."""
    inside = graph.list_inputs()
    for name in names:
        if name not in inside:
            raise error.ValueError(
                f"foreach: {name} is not used in the body; all data and states are expected to be"
            )
    remaining = [name for name in inside if name not in names]
    internals = {**graph_variables(graph), **outside}
    inputs = [given[name] for name in names] + [internals[name] for name in remaining]
    location = {name: i for i, name in enumerate(inside)}
    attrs = {
        "subgraphs": f"[{graph._tojson(False)}]",
        "num_args": str(len(inputs) + 1),
        "num_outputs": str(len(heads)),
        "num_out_data": str(len(heads) - len(names) + num_data),
        "in_data_locs": str([location[name] for name in names[:num_data]]),
        "in_state_locs": str([location[name] for name in names[num_data:]]),
        "remain_locs": str([location[name] for name in remaining]),
    }
    own = AttrScope.current.get(None)
    return _core.create_symbol(
        "_foreach", {**own, **attrs}, NameManager.current.get(None, "_foreach"), inputs
    )


def graph_variables(graph):
    """The variables of a symbol by name."""
    internals = graph.get_internals()
    outputs = (internals._output(i) for i in range(len(internals)))
    return {each.name: each for each in outputs if _core.is_variable(each)}
