"""A symbol as the exporter reads it: its nodes in order, with the types of what they give."""

import dataclasses
import json
import re

import numpy as np

from ... import _core, symbol
from ...error import MXNetError

_PREFIX = "__node"


@dataclasses.dataclass(frozen=True)
class Type:
    """Shapes and dtype of a value.

    Attributes:
        shapes: The shape in each trial: where sizes vary from run to run, types are inferred for
            two sets of sizes. A size that follows from data is 0, a shape of unknown rank None.
        dtype: The NumPy dtype.
    """

    shapes: tuple
    dtype: np.dtype

    @property
    def dims(self):
        """Sizes, with None for those that vary; None where not even the rank is known."""
        if None in self.shapes:
            return None
        sizes = zip(*self.shapes)
        return tuple(each[0] if len(set(each)) == 1 and each[0] else None for each in sizes)


@dataclasses.dataclass
class SourceNode:
    """A node of a symbol.

    Attributes:
        op: Name of the operator in the registry; "null" for a variable.
        name: Name of the node.
        inputs: Pairs of a node's number and the number of its output.
        attrs: Texts by name.
        graphs: Graphs inside of the node, as parsed JSON.
        types: Type of each output.
    """

    op: str
    name: str
    inputs: list
    attrs: dict
    graphs: list
    types: list = dataclasses.field(default_factory=list)


class Source:
    """Nodes and heads of a symbol.

    Args:
        sym: The symbol.
        types: `Type` of the variables that are known, by name (labels follow from the rest), or a
            list of those of all variables in their order, as names may occur twice.
    """

    def __init__(self, sym, types):
        graph = json.loads(sym.tojson())
        self.nodes = [_read_node(node) for node in graph["nodes"]]
        self.heads = [(node, output) for node, output, *_ in graph["heads"]]
        self.variables = [i for i, node in enumerate(self.nodes) if node.op == "null"]
        if isinstance(types, dict):
            types = [types.get(self.nodes[i].name) for i in self.variables]
        self._infer(graph, dict(zip(self.variables, types)))

    def _infer(self, graph, types):
        """Types of all outputs. Nodes may share names, so a copy with other names is asked."""
        for i, node in enumerate(graph["nodes"]):
            node["name"] = f"{_PREFIX}{i}_"
        internals = symbol.load_json(json.dumps(graph)).get_internals()
        types = {f"{_PREFIX}{i}_": each for i, each in types.items() if each is not None}
        trials = max((len(each.shapes) for each in types.values()), default=1)
        shapes = []
        for trial in range(trials):
            known = {n: t.shapes[trial] for n, t in types.items() if t.shapes[trial]}
            shapes.append(self._shapes(internals, known))
        dtypes = internals.infer_type_partial(**{n: t.dtype for n, t in types.items()})[1]
        for i, name in enumerate(internals.list_outputs()):
            node = self.nodes[int(name[len(_PREFIX) :].partition("_")[0])]
            dtype = None if dtypes[i] is None else np.dtype(dtypes[i])
            node.types.append(Type(tuple(each[i] for each in shapes), dtype))

    def name_of(self, number, output):
        """Name of an output in files, as 1.9.1 has it: that of its node, with a number if several.

        Programs that read the files look for these names.
        """
        node = self.nodes[number]
        return f"{node.name}{output}" if len(node.types) > 1 else node.name

    def _shapes(self, internals, known):
        """Shapes of all outputs inside, as `Type` has them."""
        try:
            found = internals.infer_shape_partial(**known)[1]
        except MXNetError as error:
            text = re.sub(f"{_PREFIX}(\\d+)_", lambda m: self.nodes[int(m[1])].name, str(error))
            raise type(error)(f"export_model: in_shapes do not fit the network: {text}") from None
        return [shape or None for shape in found]


def _read_node(node):
    op = node["op"] if node["op"] == "null" else _core.describe_op(node["op"])["name"]
    inputs = [(number, output) for number, output, *_ in node["inputs"]]
    return SourceNode(op, node["name"], inputs, node.get("attrs", {}), node.get("subgraphs", []))
