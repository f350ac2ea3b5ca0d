"""Networks in whole numbers: which operators are quantized, and the graph that comes of it.

A graph is rewritten as the text that 1.9.1 saves (`Symbol.tojson`), so that names and order of
nodes are those of its files.
"""

import json

from ... import symbol

__all__ = ["quantize_symbol", "calibrated_symbol"]

# Layers that are worth the change of types, and what can be quantized between them.
_LAYERS = {
    "Convolution": "_contrib_quantized_conv",
    "FullyConnected": "_contrib_quantized_fully_connected",
}
_BETWEEN = {
    "Activation": "_contrib_quantized_act",
    "BatchNorm": "_contrib_quantized_batch_norm",
    "Concat": "_contrib_quantized_concat",
    "Embedding": "_contrib_quantized_embedding",
    "Flatten": "_contrib_quantized_flatten",
    "Pooling": "_contrib_quantized_pooling",
    "elemwise_add": "_contrib_quantized_elemwise_add",
    "elemwise_mul": "_contrib_quantized_elemwise_mul",
}
_QUANTIZED = {**_LAYERS, **_BETWEEN}
# Whose sums are in 32 bits; inputs that stay float32.
_SUMS = {"Convolution", "FullyConnected", "elemwise_add", "elemwise_mul"}
_FLOAT_INPUTS = {"BatchNorm": {1, 2, 3, 4}, "Embedding": {0}}
# Operators of one output that 1.9.1 registers without a name for it: their outputs have numbers.
_UNNAMED = frozenset(
    """Cast Embedding Flatten Reshape _copy _div_scalar _minus_scalar _mul_scalar _plus_scalar
    _power_scalar _rdiv_scalar _rminus_scalar abs add_n broadcast_add broadcast_div broadcast_mul
    broadcast_sub cast clip exp expand_dims flatten identity log max mean min negative relu reshape
    sigmoid slice slice_axis softsign sqrt square squeeze sum take tanh transpose""".split()
)


def _is_quantizable(node):
    attrs = node.get("attrs", {})
    if node["op"] == "Activation":
        return attrs.get("act_type") == "relu"
    if node["op"] == "Pooling":
        return attrs.get("pool_type", "max") in ("max", "avg")
    return node["op"] in _QUANTIZED


def _reachable(start, among, neighbours):
    """Nodes in `among` that a chain of such nodes joins to one of `start`."""
    found, queue = set(), list(start)
    while queue:
        for other in neighbours[queue.pop()]:
            if other in among and other not in found:
                found.add(other)
                queue.append(other)
    return found


def _chosen(nodes, mode, excluded_names, excluded_operators):
    """Numbers of the nodes to quantize."""
    chosen = {
        i
        for i, node in enumerate(nodes)
        if _is_quantizable(node)
        and node["name"] not in excluded_names
        and node["op"] not in excluded_operators
    }
    if mode == "full":
        return chosen
    layers = {i for i in chosen if nodes[i]["op"] in _LAYERS}
    before = [{value[0] for value in node["inputs"]} for node in nodes]
    behind = [set() for _ in nodes]
    for i, inputs in enumerate(before):
        for j in inputs:
            behind[j].add(i)
    between = chosen - layers
    return layers | (_reachable(layers, between, before) & _reachable(layers, between, behind))


class _Writer:
    """Writes the quantized graph node by node, each value in the forms that are asked for."""

    def __init__(self, nodes, output_names, chosen, parameters, dtype):
        self.nodes = nodes
        self.output_names = output_names
        self.chosen = chosen
        self.parameters = parameters
        self.dtype = dtype
        self.written = []
        self.calibrated = []  # names of outputs whose ranges are wanted
        self._float = {}
        self._whole = {}

    def write(self):
        for i, node in enumerate(self.nodes):
            if i in self.chosen:
                self._write_quantized(i, node)
            else:
                inputs = [self._as_float(*value[:2]) for value in node["inputs"]]
                self._float[i] = self._add({**node, "inputs": inputs})

    def head(self, i, output):
        return self._as_float(i, output)

    def _add(self, node):
        self.written.append(node)
        return len(self.written) - 1

    def _make(self, op, name, inputs=(), **attrs):
        node = {"op": op, "name": name, "inputs": list(inputs)}
        return self._add({**node, "attrs": attrs} if attrs else node)

    def _write_quantized(self, i, node):
        float_inputs = _FLOAT_INPUTS.get(node["op"], ())
        tensors, ranges = [], []
        for number, value in enumerate(node["inputs"]):
            if number in float_inputs:
                tensors.append(self._as_float(*value[:2]))
                continue
            tensor, *ends = self._as_whole(*value[:2])
            tensors.append(tensor)
            ranges += ends
        name = node["name"]
        quantized = {**node, "op": _QUANTIZED[node["op"]], "name": f"quantized_{name}"}
        made = self._add({**quantized, "inputs": tensors + ranges})
        if node["op"] in _SUMS:
            sums = [[made, k, 0] for k in range(3)]
            made = self._make(
                "_contrib_requantize", f"requantize_{name}", sums, out_type=self.dtype
            )
        if node["op"] in _SUMS or node["op"] == "BatchNorm":
            self.calibrated.append(f"{name}_output")
        self._whole[i, 0] = [[made, k, 0] for k in range(3)]

    def _as_float(self, i, output):
        if i in self._float:
            return [self._float[i], output, 0]
        name = f"{self.nodes[i]['name']}_dequantize"
        made = self._make("_contrib_dequantize", name, self._whole[i, output])
        self._float[i] = made
        return [made, 0, 0]

    def _as_whole(self, i, output):
        if (i, output) not in self._whole:
            node = self.nodes[i]
            is_parameter = node["op"] == "null" and node["name"] in self.parameters
            make = self._quantized_parameter if is_parameter else self._quantized_value
            self._whole[i, output] = make(i, output)
        return self._whole[i, output]

    def _quantized_parameter(self, i, _output):
        """A parameter is quantized once, beforehand."""
        name = f"{self.nodes[i]['name']}_quantize"
        names = [name, f"{name}_min", f"{name}_max"]
        return [[self._make("null", each), 0, 0] for each in names]

    def _quantized_value(self, i, output):
        node, full = self.nodes[i], self.output_names[i, output]
        name = f"{node['name']}_{output}" if node["op"] in _UNNAMED else full
        value = [[self._float[i], output, 0]]
        made = self._make("_contrib_quantize_v2", f"{name}_quantize", value, out_type=self.dtype)
        self.calibrated.append(full)
        return [[made, k, 0] for k in range(3)]


def _output_names(sym, nodes):
    """Names of all values. The internals of a symbol are its values in the order of its nodes."""
    names, node, output = {}, 0, 0
    for each in sym.get_internals():
        while nodes[node]["name"] != each.name:
            node, output = node + 1, 0
        names[node, output] = each.list_outputs()[0]
        output += 1
    return names


def quantize_symbol(sym, excluded_names, excluded_operators, parameters, dtype, mode):
    """The symbol in whole numbers.

    Args:
        sym (Symbol): A network in float32.
        excluded_names, excluded_operators (collection of str): Nodes and operators that stay.
        parameters (collection of str): Variables that are quantized beforehand.
        dtype (str): 'int8', 'uint8' or 'auto'.
        mode (str): 'full' for all that can be quantized; 'smart' for layers, and what lies between
            two of them.

    Returns:
        tuple of Symbol and list of str: The quantized symbol; the outputs of `sym` whose ranges
        `calibrated_symbol` wants.
    """
    graph = json.loads(sym.tojson())
    nodes = graph["nodes"]
    chosen = _chosen(nodes, mode, set(excluded_names), set(excluded_operators))
    writer = _Writer(nodes, _output_names(sym, nodes), chosen, set(parameters), dtype)
    writer.write()
    heads = [writer.head(*head[:2]) for head in graph["heads"]]
    text = {
        "nodes": writer.written,
        "arg_nodes": [i for i, node in enumerate(writer.written) if node["op"] == "null"],
        "heads": heads,
        "attrs": graph.get("attrs", {}),
    }
    return symbol.load_json(json.dumps(text)), writer.calibrated


def _output_behind(node):
    """Which output of the network in float32 a node of the quantized one stands for."""
    name = node["name"]
    if node["op"] == "_contrib_quantize_v2":
        return name.removesuffix("_quantize")
    if node["op"] == "_contrib_requantize":
        return name.removeprefix("requantize_") + "_output"
    if node["op"] == "_contrib_quantized_batch_norm":
        return name.removeprefix("quantized_") + "_output"
    return None


def calibrated_symbol(sym, thresholds):
    """The quantized symbol with ranges written in.

    Args:
        sym (Symbol): From `quantize_symbol`.
        thresholds (dict of str to (float, float)): Ranges of outputs.

    Returns:
        Symbol: With `min_calib_range` and `max_calib_range` where a range is known.
    """
    graph = json.loads(sym.tojson())
    for node in graph["nodes"]:
        name = _output_behind(node)
        if name is None:
            continue
        if name not in thresholds and name.rpartition("_")[2].isdigit():
            name = name.rpartition("_")[0] + "_output"
        if name in thresholds:
            low, high = thresholds[name]
            ends = {"min_calib_range": f"{low:f}", "max_calib_range": f"{high:f}"}
            node["attrs"] = {**node.get("attrs", {}), **ends}
    return symbol.load_json(json.dumps(graph))
