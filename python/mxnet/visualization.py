"""Networks as tables and as drawings."""

import json
import math

from . import error
from .symbol import Symbol

__all__ = ["print_summary", "plot_network"]

_PARAMETER_ENDINGS = (
    "_weight",
    "_bias",
    "_beta",
    "_gamma",
    "_moving_var",
    "_moving_mean",
    "_running_var",
    "_running_mean",
)


def _check_symbol(symbol, owner):
    if not isinstance(symbol, Symbol):
        raise error.TypeError(f"{owner}: symbol is a {type(symbol).__name__}; a Symbol is expected")


def _shapes_by_output(symbol, shape):
    """Shapes of all outputs inside `symbol`, by name, for inputs of the given shapes."""
    internals = symbol.get_internals()
    _, shapes, _ = internals.infer_shape(**shape)
    if shapes is None:
        raise error.ValueError(
            f"shape={shape} does not determine all shapes; shapes of more inputs are expected"
        )
    return dict(zip(internals.list_outputs(), shapes))


def _types_by_output(symbol, dtype):
    internals = symbol.get_internals()
    _, types, _ = internals.infer_type(**dtype)
    if types is None:
        raise error.ValueError(
            f"dtype={dtype} does not determine all types; types of more inputs are expected"
        )
    return dict(zip(internals.list_outputs(), types))


def _graph(symbol):
    """Nodes of the graph, each with its attributes under ``attrs``, and the first head."""
    graph = json.loads(symbol.tojson())
    for node in graph["nodes"]:
        node["attrs"] = node.get("attrs", node.get("attr", node.get("param", {})))
    return graph["nodes"], set(graph["heads"][0])


def _output_key(node):
    return node["name"] if node["op"] == "null" else node["name"] + "_output"


def _numbers(text):
    """The numbers in ``(3, 3)``."""
    return [int(part) for part in text.strip("()[] ").split(",") if part.strip()]


class _Table:
    """Prints rows of columns that end at given positions."""

    def __init__(self, line_length, positions):
        self.length = line_length
        self.ends = [int(line_length * end) if positions[-1] <= 1 else end for end in positions]

    def rule(self, character):
        print(character * self.length)

    def row(self, *fields):
        line = ""
        for field, end in zip(fields, self.ends):
            line = (line + str(field))[:end].ljust(end)
        print(line)


def _parameter_sizes(symbol, shape):
    """Elements of each parameter by name: of all arguments but inputs and labels."""
    shapes, _, _ = symbol.infer_shape(**shape)
    return {
        name: math.prod(extent)
        for name, extent in zip(symbol.list_arguments(), shapes)
        if name not in shape and not name.endswith("_label")
    }


def print_summary(symbol, shape=None, line_length=120, positions=(0.44, 0.64, 0.74, 1.0)):
    """Print a table of the layers of a network.

    Args:
        symbol (Symbol): The network.
        shape (dict of str to tuple): Shapes of the inputs; without them, output shapes are left
            out and parameters are not counted. A parameter of several layers counts in the first.
        line_length (int): Width of the table.
        positions (list of float): Where the columns end, absolute or as parts of `line_length`.

    Raises:
        TypeError: `symbol` is no Symbol.
        ValueError: `shape` does not determine all shapes.

    Example:
        >>> mx.viz.print_summary(symbol, shape={"data": (1, 3, 224, 224)})
    """
    _check_symbol(symbol, "print_summary")
    shapes = _shapes_by_output(symbol, shape) if shape is not None else {}
    uncounted = _parameter_sizes(symbol, shape) if shape is not None else {}
    total = sum(uncounted.values())
    nodes, heads = _graph(symbol)
    table = _Table(line_length, positions)
    table.rule("_")
    table.row("Layer (type)", "Output Shape", "Param #", "Previous Layer")
    table.rule("=")
    for i, node in enumerate(nodes):
        is_layer = node["op"] != "null"
        if i > 0 and not is_layer:
            continue
        # Variables count as previous layers if they are the first node or a head.
        previous = [
            nodes[entry[0]]
            for entry in (node["inputs"] if is_layer else ())
            if nodes[entry[0]]["op"] != "null" or entry[0] in heads
        ]
        count = sum(uncounted.pop(nodes[entry[0]]["name"], 0) for entry in node["inputs"])
        extent = "x".join(map(str, shapes.get(_output_key(node), ())[1:]))
        names = [each["name"] for each in previous] or [""]
        table.row(f"{node['name']}({node['op']})", extent, count, names[0])
        for name in names[1:]:
            table.row("", "", "", name)
        table.rule("=" if i == len(nodes) - 1 else "_")
    print(f"Total params: {total}")
    table.rule("_")


_FILLS = {
    "null": "#8dd3c7",
    "Convolution": "#fb8072",
    "FullyConnected": "#fb8072",
    "Activation": "#ffffb3",
    "LeakyReLU": "#ffffb3",
    "BatchNorm": "#bebada",
    "Pooling": "#80b1d3",
    "Concat": "#fdb462",
    "Flatten": "#fdb462",
    "Reshape": "#fdb462",
    "Softmax": "#b3de69",
}
_OTHER_FILL = "#fccde5"


def _node_label(node):
    attrs, operator = node["attrs"], node["op"]
    if operator == "Convolution":
        kernel, stride = _extent(attrs["kernel"]), _extent(attrs.get("stride", "1"))
        return f"Convolution\n{kernel}/{stride}, {attrs['num_filter']}"
    if operator == "FullyConnected":
        return f"FullyConnected\n{attrs['num_hidden']}"
    if operator in ("Activation", "LeakyReLU"):
        return f"{operator}\n{attrs.get('act_type', 'leaky')}"
    if operator == "Pooling":
        kernel = _extent(attrs.get("kernel", "global"))
        stride = _extent(attrs.get("stride", "1"))
        return f"Pooling\n{attrs.get('pool_type', 'max')}, {kernel}/{stride}"
    if operator == "Custom":
        return attrs["op_type"]
    return node["name"]


def _extent(text):
    return "x".join(map(str, _numbers(text))) if text[:1] in "([" else text


def _digraph():
    try:
        from graphviz import Digraph
    except ImportError as cause:
        raise ImportError(
            "plot_network: the package graphviz is not installed; pip install graphviz"
        ) from cause
    return Digraph


def plot_network(
    symbol,
    title="plot",
    save_format="pdf",
    shape=None,
    dtype=None,
    node_attrs=None,
    hide_weights=True,
):
    """Draw a network.

    Args:
        symbol (Symbol): The network.
        title (str): Name of the drawing.
        save_format (str): Format in which it will be rendered.
        shape (dict of str to tuple): Shapes of the inputs; writes shapes along the edges.
        dtype (dict of str to dtype): Types of the inputs; writes types along the edges.
        node_attrs (dict of str to str): Attributes of the nodes, as Graphviz names them.
        hide_weights (bool): Whether to leave out the parameters.

    Returns:
        graphviz.Digraph: The drawing; it shows itself in a notebook, and `render` writes a file.

    Raises:
        ImportError: The package graphviz is not installed.
        TypeError: `symbol` is no Symbol.
    """
    drawing = _digraph()(name=title, format=save_format)
    _check_symbol(symbol, "plot_network")
    shapes = _shapes_by_output(symbol, shape) if shape is not None else {}
    types = _types_by_output(symbol, dtype) if dtype is not None else {}
    nodes, _ = _graph(symbol)
    style = {
        "shape": "box",
        "fixedsize": "true",
        "width": "1.3",
        "height": "0.8034",
        "style": "filled",
        **(node_attrs or {}),
    }
    hidden = set()
    for node in nodes:
        if node["op"] == "null" and node["name"].endswith(_PARAMETER_ENDINGS):
            hidden.update([node["name"]] if hide_weights else [])
            continue
        look = {**style, "fillcolor": _FILLS.get(node["op"], _OTHER_FILL)}
        if node["op"] == "null":
            look["shape"] = "oval"
        drawing.node(name=node["name"], label=_node_label(node), **look)
    for node in nodes:
        for entry in node["inputs"]:
            source = nodes[entry[0]]
            if source["name"] not in hidden:
                label = _edge_label(source, entry[1], shapes, types)
                drawing.edge(
                    tail_name=node["name"],
                    head_name=source["name"],
                    dir="back",
                    arrowtail="open",
                    label=label,
                )
    return drawing


def _edge_label(source, output, shapes, types):
    key = _output_key(source)
    if key not in shapes and key not in types:
        key += str(output)
    label = "x".join(map(str, shapes.get(key, ())[1:]))
    if key in types:
        label += f"({getattr(types[key], '__name__', types[key])})"
    return label
