"""Running a graph node by node, so that somebody can look at every array."""

import inspect
import json

from ... import ndarray as nd
from ...ndarray import _internal

__all__ = ["run_watched"]


def _operator(name):
    return getattr(_internal if name.startswith("_") else nd, name)


def _arguments(node):
    """What an operator was given beside its inputs; other attributes are for graphs."""
    attributes = node.get("attrs", {})
    return {key: value for key, value in attributes.items() if not key.startswith("__")}


def _watch_inputs(watch, node, function, arrays):
    names = list(inspect.signature(function).parameters)
    for place, array in enumerate(arrays):
        name = names[place] if place < len(names) else f"input{place}"
        watch(f"{node['name']}_{name}", node["op"], array)


def run_watched(symbol, values, watches):
    """The outputs of a symbol for the values of its inputs.

    Args:
        symbol (Symbol): The symbol.
        values (dict of str to NDArray): Arguments and auxiliary states by name.
        watches (list of tuple): Functions that are called with the name of an output, that
            of the operator and the array; each with whether it sees inputs too.

    Returns:
        list of NDArray: The outputs.
    """
    graph, results = json.loads(symbol.tojson(remove_amp_cast=False)), []
    for node in graph["nodes"]:
        if node["op"] == "null":
            results.append([values[node["name"]]])
            continue
        function = _operator(node["op"])
        arrays = [results[number][place] for number, place, *_ in node["inputs"]]
        for watch, sees_inputs in watches:
            if sees_inputs:
                _watch_inputs(watch, node, function, arrays)
        found = function(*arrays, **_arguments(node))
        found = list(found) if isinstance(found, (list, tuple)) else [found]
        results.append(found)
        for place, array in enumerate(found):
            ending = "output" if len(found) == 1 else f"output{place}"
            for watch, _ in watches:
                watch(f"{node['name']}_{ending}", node["op"], array)
    return [results[number][place] for number, place, *_ in graph["heads"]]
