"""Writes the network of a symbol JSON as an ONNX file, with the `onnx` package only.

usage: python symbol_to_onnx.py FOLDER NAME...   (NAME-symbol.json and NAME.npz -> NAME.onnx)

Covers inference of image classification networks; an operator or an attribute that it does not
know is an error, never a guess. The batch dimension is symbolic.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
ACTIVATIONS = {
    "relu": "Relu",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "softrelu": "Softplus",
    "softsign": "Softsign",
}
ELEMENTWISE = {
    "elemwise_add": "Add",
    "_Plus": "Add",
    "_plus": "Add",
    "broadcast_add": "Add",
    "elemwise_mul": "Mul",
    "broadcast_mul": "Mul",
    "elemwise_sub": "Sub",
    "relu": "Relu",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "exp": "Exp",
    "sqrt": "Sqrt",
}
SCALAR = {"_mul_scalar": "Mul", "_plus_scalar": "Add", "_minus_scalar": "Sub", "_div_scalar": "Div"}


class Attributes:
    """A node's string attributes; `finish` refuses those that nobody read."""

    IGNORED = {"workspace", "cudnn_tune", "cudnn_off", "num_args", "num_filter", "num_hidden"}

    def __init__(self, node):
        values = node.get("attrs") or node.get("attr") or {}
        values = {**node.get("param", {}), **values}
        self._values = {k: v for k, v in values.items() if not k.startswith("__")}
        self._unread = set(self._values) - self.IGNORED

    def get(self, key, default=None):
        """The parsed value of `key`: number, tuple, bool, or the string itself."""
        self._unread.discard(key)
        text = self._values.get(key)
        if text is None:
            return default
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError):
            return text

    def skip(self, *keys):
        """Takes note of attributes that do not matter for inference."""
        self._unread -= set(keys)

    def finish(self, operator):
        if self._unread:
            raise ValueError(f"{operator}: attributes {sorted(self._unread)} have no translation")


class Exporter:
    """Translates node by node; each operator has a method `op_<name>`."""

    def __init__(self, symbol, weights):
        self.nodes = symbol["nodes"]
        self.heads = [head[0] for head in symbol["heads"]]
        self.weights = weights
        self.onnx_nodes, self.initializers = [], {}

    def model(self, data_shape):
        """The ONNX model with input `data` of `data_shape` and output `out`."""
        for index, node in enumerate(self.nodes):
            if node["op"] != "null":
                self._translate(index, node)
        self.add("Identity", [self.output_name(self.heads[0])], "out")
        graph = helper.make_graph(
            self.onnx_nodes,
            "network",
            [helper.make_tensor_value_info("data", TensorProto.FLOAT, data_shape)],
            [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["n", "classes"])],
            [numpy_helper.from_array(value, name) for name, value in self.initializers.items()],
        )
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8
        )

    def add(self, operator, inputs, output, **attributes):
        self.onnx_nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def constant(self, name, value):
        self.initializers[name] = np.asarray(value)
        return name

    def output_name(self, index):
        return self.nodes[index]["name"]

    def _translate(self, index, node):
        operator, attributes = node["op"], Attributes(node)
        inputs = []
        for source in (entry[0] for entry in node["inputs"]):
            name = self.output_name(source)
            if self.nodes[source]["op"] == "null" and name != "data":
                if name in self.weights:
                    self.constant(name, self.weights[name])
            inputs.append(name)
        if operator in ELEMENTWISE:
            self.add(ELEMENTWISE[operator], inputs, node["name"])
        elif operator in SCALAR:
            scalar = self.constant(
                node["name"] + "_scalar", np.float32(attributes.get("scalar", 0))
            )
            attributes.skip("is_int")
            self.add(SCALAR[operator], [*inputs, scalar], node["name"])
        else:
            method = getattr(self, "op_" + operator.lower(), None)
            if method is None:
                raise ValueError(f"{operator}: no translation to ONNX")
            method(node["name"], inputs, attributes)
        attributes.finish(operator)

    def op_convolution(self, name, inputs, attributes):
        attributes.skip("no_bias", "layout")
        kernel = attributes.get("kernel")
        self.add(
            "Conv",
            inputs,
            name,
            kernel_shape=kernel,
            strides=attributes.get("stride") or (1,) * len(kernel),
            dilations=attributes.get("dilate") or (1,) * len(kernel),
            pads=2 * tuple(attributes.get("pad") or (0,) * len(kernel)),
            group=attributes.get("num_group", 1),
        )

    def op_batchnorm(self, name, inputs, attributes):
        if attributes.get("axis", 1) != 1:
            raise ValueError(f"{name}: BatchNorm over axis {attributes.get('axis')}")
        attributes.skip("momentum", "use_global_stats", "output_mean_var")
        attributes.skip("min_calib_range", "max_calib_range")
        if attributes.get("fix_gamma", True):
            gamma = self.weights[inputs[1]]
            inputs[1] = self.constant(name + "_ones", np.ones_like(gamma))
        self.add("BatchNormalization", inputs, name, epsilon=float(attributes.get("eps", 1e-3)))

    def op_activation(self, name, inputs, attributes):
        self.add(ACTIVATIONS[attributes.get("act_type")], inputs, name)

    def op_leakyrelu(self, name, inputs, attributes):
        kind, slope = attributes.get("act_type", "leaky"), float(attributes.get("slope", 0.25))
        attributes.skip("lower_bound", "upper_bound")
        if kind == "prelu":
            slopes = self.weights[inputs[1]].reshape(-1, 1, 1)
            self.add("PRelu", [inputs[0], self.constant(name + "_slope", slopes)], name)
        elif kind in ("leaky", "elu"):
            operator = {"leaky": "LeakyRelu", "elu": "Elu"}[kind]
            self.add(operator, inputs, name, alpha=slope)
        else:
            raise ValueError(f"{name}: LeakyReLU of type {kind}")

    def op_pooling(self, name, inputs, attributes):
        kind, kernel = attributes.get("pool_type", "max"), attributes.get("kernel")
        attributes.skip("layout", "p_value")
        operator = {"max": "MaxPool", "avg": "AveragePool"}[kind]
        stride, pad = attributes.get("stride"), attributes.get("pad")
        convention = attributes.get("pooling_convention", "valid")
        include_pad = attributes.get("count_include_pad", True)
        if attributes.get("global_pool", False):
            self.add("Global" + operator, inputs, name)
            return
        if convention not in ("valid", "full"):
            raise ValueError(f"{name}: pooling convention {convention}")
        more = {"count_include_pad": int(include_pad)} if kind == "avg" else {}
        self.add(
            operator,
            inputs,
            name,
            kernel_shape=kernel,
            strides=stride or (1,) * len(kernel),
            pads=2 * tuple(pad or (0,) * len(kernel)),
            ceil_mode=int(convention == "full"),
            **more,
        )

    def op_fullyconnected(self, name, inputs, attributes):
        attributes.skip("no_bias")
        if attributes.get("flatten", True):
            inputs[0] = self.add("Flatten", [inputs[0]], name + "_flat", axis=1)
        self.add("Gemm", inputs, name, transB=1)

    def op_flatten(self, name, inputs, attributes):
        self.add("Flatten", inputs, name, axis=1)

    def op_reshape(self, name, inputs, attributes):
        shape = tuple(attributes.get("shape"))
        if any(size < -1 for size in shape) or attributes.get("reverse", False):
            raise ValueError(f"{name}: Reshape to {shape}")
        target = self.constant(name + "_shape", np.array(shape, "int64"))
        self.add("Reshape", [inputs[0], target], name)

    def op_concat(self, name, inputs, attributes):
        self.add("Concat", inputs, name, axis=attributes.get("dim", 1))

    def op_dropout(self, name, inputs, attributes):
        attributes.skip("p", "mode", "axes")
        self.add("Identity", inputs, name)

    def op__copy(self, name, inputs, attributes):
        self.add("Identity", inputs, name)

    def op_lrn(self, name, inputs, attributes):
        self.add(
            "LRN",
            inputs,
            name,
            size=attributes.get("nsize"),
            alpha=float(attributes.get("alpha", 1e-4)),
            beta=float(attributes.get("beta", 0.75)),
            bias=float(attributes.get("knorm", 2)),
        )

    def op_clip(self, name, inputs, attributes):
        limits = [
            self.constant(f"{name}_{key}", np.float32(attributes.get(key)))
            for key in ("a_min", "a_max")
        ]
        self.add("Clip", [inputs[0], *limits], name)

    def op_softmax(self, name, inputs, attributes):
        attributes.skip("use_length")
        self.add("Softmax", inputs[:1], name, axis=attributes.get("axis", -1))

    def op_softmaxoutput(self, name, inputs, attributes):
        attributes.skip("grad_scale", "ignore_label", "use_ignore", "preserve_shape")
        attributes.skip("multi_output", "normalization", "out_grad", "smooth_alpha")
        self.add("Softmax", inputs[:1], name, axis=1)

    op_softmaxactivation = op_softmaxoutput


def export(folder, name, image_size):
    """Writes FOLDER/NAME.onnx; an existing file is kept."""
    target = folder / f"{name}.onnx"
    if target.exists():
        return
    symbol = json.loads((folder / f"{name}-symbol.json").read_text())
    model = Exporter(symbol, np.load(folder / f"{name}.npz")).model(
        ["n", 3, image_size, image_size]
    )
    onnx.checker.check_model(model)
    onnx.save(model, str(target))
    print(f"{name}: {len(model.graph.node)} ONNX nodes", flush=True)


if __name__ == "__main__":
    for network in sys.argv[2:]:
        export(Path(sys.argv[1]), network, 299 if network == "inceptionv3" else 224)
