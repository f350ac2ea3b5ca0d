"""Goes through the nodes of a network and has each one translated."""

import json

from ... import _core, symbol
from ...error import NotImplementedError as UnsupportedError
from .node import Node
from .registry import translation_of
from .source import Source
from .writer import Writer


def translate(source, g, values, head_names=()):
    """Adds the nodes of a network.

    Args:
        source: The network (`Source`).
        g: Takes the nodes (`Writer`).
        values: Names of the values of ONNX that variables are, by the variables' numbers.
        head_names: Names for the heads, which the writer has reserved.

    Returns:
        list of str: Names of the values that are the heads.
    """
    promised = dict(zip(source.heads, head_names))
    results = {}
    needed = needed_nodes(source)
    for number, node in enumerate(source.nodes):
        if number not in needed:
            continue
        if node.op == "null":
            results[number] = [values[number]]
            continue
        inputs = [_result(results, node, i, output) for i, output in node.inputs]
        before = len(g.nodes)
        found = _translate_node(source, node, inputs, g)
        results[number] = [
            _named(g, name, source.name_of(number, i), promised.get((number, i)), before)
            for i, name in enumerate(found)
        ]
    return [results[number][output] for number, output in source.heads]


def _result(results, node, number, output):
    """The value that an input is; None for a label."""
    found = results.get(number)
    if found is not None and output >= len(found):
        raise UnsupportedError(
            f"{node.op}: node {node.name!r} reads output {output} of a node that has "
            f"{len(found)} in ONNX; leave it out"
        )
    return found[output] if found else None


def needed_nodes(source):
    """Numbers of the nodes on which the heads depend; labels of losses are none of them."""
    found, stack = set(), [number for number, _ in source.heads]
    while stack:
        number = stack.pop()
        if number in found:
            continue
        found.add(number)
        node = source.nodes[number]
        translation = translation_of(node.op)
        unused = translation.unused if translation else ()
        names = [name for name, _ in _core.describe_op(node.op)["inputs"]] if unused else ()
        for i, (parent, _) in enumerate(node.inputs):
            if not (unused and i < len(names) and names[i] in unused):
                stack.append(parent)
    return found


def _translate_node(source, node, inputs, g):
    translation = translation_of(node.op)
    if translation is None:
        raise UnsupportedError(
            f"{node.op}: node {node.name!r} has no meaning in ONNX; export the network up to it "
            "with get_internals(), or write it with operators of docs/onnx_operators.md"
        )
    if g.opset < translation.opset:
        raise UnsupportedError(
            f"{node.op}: node {node.name!r} cannot be said with opset_version={g.opset}; "
            f"opset_version={translation.opset} or later is expected"
        )
    in_types = [
        source.nodes[i].types[output] if output < len(source.nodes[i].types) else None
        for i, output in node.inputs
    ]
    seen = Node(node, inputs, in_types, g)
    outer, g.scope = g.scope, node.name
    result = translation.function(seen, g)
    g.scope = outer
    for argument, _ in seen.attrs.unseen(translation.ignores):
        seen.refuse("has no meaning in ONNX", "leave it at its default", argument)
    return [result] if isinstance(result, str) else list(result)


def _named(g, name, wish, promised, before):
    """The result under the name that the network has for it, if a node since then makes it."""
    if not g.makes(name, before):
        return name
    wish = promised or (wish if g.reserve(wish) else name)
    g.rename_last(name, wish)
    return wish


def translate_inner(g, graph, inputs, types):
    """A graph inside of a node, as the nodes of a graph of ONNX.

    Args:
        g: The writer of the graph around it.
        graph: Parsed JSON.
        inputs: Name of the value that each argument of the graph is.
        types: `Type` of each of them.

    Returns:
        tuple: The writer, and the names and types of the heads.
    """
    sym = symbol.load_json(json.dumps(graph))
    source = Source(sym, types)
    inner = Writer(parent=g)
    results = translate(source, inner, dict(zip(source.variables, inputs)))
    kinds = [source.nodes[number].types[output] for number, output in source.heads]
    return inner, results, kinds
