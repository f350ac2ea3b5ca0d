"""Loops and branches in graphs: `mx.sym.contrib.foreach`, `while_loop` and `cond`."""

import collections
import itertools

from .. import _core, error
from .._core import Symbol
from ..attribute import AttrScope
from ..name import NameManager

__all__ = ["foreach", "while_loop", "cond"]

#: Operators of a body carry the name of their body under this attribute.
_SCOPE_KEY = "__subgraph_name__"
_scope_numbers = collections.defaultdict(itertools.count)
_copy = _core.symbol_function("_copy", "identity", __name__)


def _as_list(value, who, what):
    """The symbols that a user gave or a body returned, one for each output."""
    values = list(value) if isinstance(value, (list, tuple)) else [value]
    for item in values:
        if not isinstance(item, Symbol):
            raise error.AssertedTypeError(
                f"{who}: {what}={item!r} is of type {type(item).__name__}; "
                "a Symbol or a list of Symbols is expected"
            )
    return _flat(values)


def _flat(values):
    return [output for value in values for output in value._outputs()]


def _like(example, symbols):
    """One symbol where one was given, else a list; each of the interface of its example."""
    if example is None:
        return symbols
    flat = _flat([example] if isinstance(example, Symbol) else example)
    symbols = [each._with_interface(_core.is_numpy(one)) for one, each in zip(flat, symbols)]
    return symbols[0] if isinstance(example, Symbol) and len(flat) == 1 else symbols


def _arguments(names, symbols):
    """Variables for a body of the interfaces of what they stand for."""
    attrs = AttrScope.current.get(None)
    return [
        _core.variable(name, attrs)._with_interface(_core.is_numpy(symbol))
        for name, symbol in zip(names, symbols)
    ]


def _argument_names(symbols):
    """Names of the variables that stand for symbols inside a body, each one once."""
    names = []
    for symbol in symbols:
        name = _core.name_of_argument(symbol)
        while name in names:
            name += "-0"
        names.append(name)
    return names


def _heads(results, scope):
    """Outputs for a graph: each one a result of an operator of its own, made in its scope."""
    heads, nodes = [], set()
    for result in results:
        inside = not _core.is_variable(result) and result.attr(_SCOPE_KEY) == scope
        if not inside or result.name in nodes:
            result = _copy(result)
        nodes.add(result.name)
        heads.append(result)
    return heads


def _new_scope(name):
    """The name of a graph, behind that of the one around it."""
    scope = f"{name}{next(_scope_numbers[name])}"
    outer = AttrScope.current.get(None).get(_SCOPE_KEY)
    return f"{outer}${scope}" if outer else scope


def _node(operator, graphs, inputs, attrs):
    """The outputs of the node that holds graphs: a symbol for each."""
    attrs = {
        "subgraphs": "[" + ", ".join(graph._tojson(False) for graph in graphs) + "]",
        "num_args": str(len(inputs) + len(graphs)),
        **{key: str(value) for key, value in attrs.items()},
    }
    own = AttrScope.current.get(None)
    name = NameManager.current.get(None, operator)
    result = _core.create_symbol(operator, {**own, **attrs}, name, inputs)
    return result._outputs()


def graph_variables(graph):
    """The variables of a symbol by name."""
    internals = graph.get_internals()
    return {each.name: each for each in internals._outputs() if _core.is_variable(each)}


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
    scope, names = _new_scope(name), _argument_names(slices + states)
    with AttrScope(**{_SCOPE_KEY: scope}):
        arguments = _arguments(names, slices + states)
        inner_data, inner_states = arguments[: len(slices)], arguments[len(slices) :]
        outputs, new_states = body(_like(data, inner_data), _like(init_states, inner_states))
        stacked = _as_list(outputs, "foreach", "the body's output")
        last = _as_list(new_states, "foreach", "the body's states")
        if len(last) != len(states):
            raise error.ValueError(
                f"foreach: the body returned {len(last)} states; {len(states)} are expected, as "
                "init_states has"
            )
        heads = _heads(stacked + last, scope)
    graph, outside = _core.cut_graph(_core.group(heads), _SCOPE_KEY, scope)
    results = _loop(graph, dict(zip(names, slices + states)), outside, names, len(slices), heads)
    return _like(outputs, results[: len(stacked)]), _like(new_states, results[len(stacked) :])


def _loop(graph, given, outside, names, num_data, heads):
    """The outputs of the node whose body is `graph`."""
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
        "num_outputs": len(heads),
        "num_out_data": len(heads) - len(names) + num_data,
        "in_data_locs": [location[name] for name in names[:num_data]],
        "in_state_locs": [location[name] for name in names[num_data:]],
        "remain_locs": [location[name] for name in remaining],
    }
    return _node("_foreach", [graph], inputs, attrs)


def _locations(graph, known, outside, inputs, shared):
    """For each argument of a graph the number of the node's input that it is.

    Args:
        graph (Symbol): The graph.
        known (dict): Symbols outside by the names of the variables that stand for them.
        outside (dict): The same for what the graph was cut off from.
        inputs (list of Symbol): The node's inputs; grows.
        shared (dict): Numbers of inputs that graphs share, by name; grows where `known` says so.
    """
    symbols, numbers = {**graph_variables(graph), **outside, **known}, []
    for name in graph.list_inputs():
        if name not in shared or name in outside:
            inputs.append(symbols[name])
            numbers.append(len(inputs) - 1)
            if name in known:
                shared[name] = numbers[-1]
        else:
            numbers.append(shared[name])
    return numbers


def while_loop(cond, func, loop_vars, max_iterations=None, name="while_loop"):
    """Run a function as long as a condition holds, as one operator of the graph.

    Args:
        cond (function): ``cond(*loop_vars)`` gives a Symbol of one element; the loop goes on while
            it is not 0.
        func (function): ``outputs, loop_vars = func(*loop_vars)``.
        loop_vars (Symbol or list of Symbol): The variables at the beginning.
        max_iterations (int): When to stop at the latest.
        name (str): Names condition and body in the graph.

    Returns:
        tuple: The outputs stacked along a new first axis of size `max_iterations`, with zeros
        behind the last step, and the last variables in the form of `loop_vars`.

    Raises:
        TypeError: A function returned something else than symbols.
        ValueError: There are no variables, one is not used in the body, they differ in number, or
            max_iterations is missing.
    """
    if max_iterations is None:
        raise error.ValueError("while_loop: max_iterations is missing; expected an int")
    variables = _as_list(loop_vars, "while_loop", "loop_vars")
    if not variables:
        raise error.ValueError("while_loop: loop_vars is empty; expected one variable or more")
    names = _argument_names(variables)
    known = dict(zip(names, variables))

    def trace(kind, function):
        scope = _new_scope(f"{name}_{kind}")
        with AttrScope(**{_SCOPE_KEY: scope}):
            arguments = _arguments(names, variables)
            results, given = function(arguments)
            heads = _heads(results, scope)
        graph, outside = _core.cut_graph(_core.group(heads), _SCOPE_KEY, scope)
        return graph, outside, given

    def condition(arguments):
        result = cond(*arguments)
        if not isinstance(result, Symbol):
            raise error.ValueError(f"while_loop: cond returned {result!r}; a Symbol is expected")
        return _as_list(result, "while_loop", "cond"), None

    def step(arguments):
        outputs, after = func(*arguments)
        rows = [] if outputs is None else _as_list(outputs, "while_loop", "the output of func")
        last = [] if after is None else _as_list(after, "while_loop", "the variables of func")
        if len(last) != len(variables):
            raise error.ValueError(
                f"while_loop: func returned {len(last)} variables; {len(variables)} are expected, "
                "as loop_vars has"
            )
        return rows + last, (rows, outputs, after)

    graphs = trace("cond", condition), trace("func", step)
    rows, outputs, after = graphs[1][2]
    inside = graphs[1][0].list_inputs()
    for each in names:
        if each not in inside:
            raise error.ValueError(
                f"while_loop: {each} is not used in func; all variables are expected to be"
            )
    inputs, shared = [], {}
    locations = [_locations(graph, known, cut, inputs, shared) for graph, cut, _ in graphs]
    attrs = {
        "num_outputs": len(rows) + len(variables),
        "num_out_data": len(rows),
        "max_iterations": max_iterations,
        "cond_input_locs": locations[0],
        "func_input_locs": locations[1],
        "func_var_locs": [inside.index(each) for each in names],
    }
    results = _node("_while_loop", [graph for graph, _, _ in graphs], inputs, attrs)
    return _like(outputs, results[: len(rows)]), _like(loop_vars, results[len(rows) :])


def cond(pred, then_func, else_func, name="cond"):
    """One of two functions' results, as one operator of the graph.

    Args:
        pred (Symbol): One element; not 0 chooses `then_func`.
        then_func (function): Called without arguments, once; returns a Symbol or a list.
        else_func (function): The same, with as many results.
        name (str): Names condition and branches in the graph.

    Returns:
        Symbol or list of Symbol: In the form that `then_func` returned.

    Raises:
        TypeError: A function returned something else than symbols.
        ValueError: The functions' results differ in number.
    """
    functions = {"pred": lambda: pred, "then": then_func, "else": else_func}
    graphs, forms, counts = [], {}, {}
    for kind, function in functions.items():
        scope = _new_scope(f"{name}_{kind}")
        with AttrScope(**{_SCOPE_KEY: scope}):
            forms[kind] = function()
            results = _as_list(forms[kind], "cond", kind)
            heads, counts[kind] = _heads(results, scope), len(results)
        graphs.append(_core.cut_graph(_core.group(heads), _SCOPE_KEY, scope))
    if counts["then"] != counts["else"]:
        raise error.ValueError(
            f"cond: the functions returned {counts['then']} and {counts['else']} results; as many "
            "are expected of both"
        )
    inputs, shared = [], {}
    locations = []
    for graph, cut in graphs:
        variables = {each: one for each, one in graph_variables(graph).items() if each not in cut}
        locations.append(_locations(graph, variables, cut, inputs, shared))
    attrs = {
        "num_outputs": counts["then"],
        "cond_input_locs": locations[0],
        "then_input_locs": locations[1],
        "else_input_locs": locations[2],
    }
    results = _node("_cond", [graph for graph, _ in graphs], inputs, attrs)
    return _like(forms["then"], results)
