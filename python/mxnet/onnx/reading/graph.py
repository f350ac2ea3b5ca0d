"""Walks the nodes of an ONNX graph in order and translates each."""

from ... import error
from . import registry
from .dtypes import from_enum
from .files import tensor_value
from .node import Node, NotConstantError, as_tuple
from .values import Value

__all__ = ["GraphReader"]

# In files of older opsets only those operators are read that this one did not change.
OLDEST_OPSET = 7
_DEEPEST = 32


class GraphReader:
    """Reads one graph, or the body of a function or of a loop.

    Args:
        model (ModelFile): The file.
        builder (Builder): Where operators are made.
        opsets (dict of str to int): Versions of the operator sets by domain.
        scope (dict of str to Value): Tensors of the graphs around.
        prefix (str): What the names of nodes begin with.
        stack (tuple of str): Functions that are being expanded, the outermost first.
    """

    def __init__(self, model, builder, opsets, scope=None, prefix="", stack=()):
        self.model = model
        self.builder = builder
        self.opsets = opsets
        self.values = dict(scope or {})
        self.prefix = prefix
        self.stack = stack
        self._made = set()

    def read(self, graph, inputs):
        """Translate a graph.

        Args:
            graph (onnx.GraphProto): The graph.
            inputs (dict of str to Value): Values of its inputs.

        Returns:
            list of Value: Its outputs.

        Raises:
            MXNetError: It is damaged, or has what cannot be translated.
        """
        for tensor in graph.initializer:
            self.values[tensor.name] = tensor_value(tensor, self.model)
        if graph.sparse_initializer:
            raise error.NotImplementedError(
                f"import_model: sparse_initializer={graph.sparse_initializer[0].values.name!r} has "
                "no translation; dense initializers are expected"
            )
        self.values.update(inputs)
        self.run(graph.node)
        return [self.lookup(output.name, "the outputs") for output in graph.output]

    def run(self, nodes):
        """Translate nodes in order."""
        for node in nodes:
            self.model.count_node()
            inputs = [self.lookup(name, node.op_type) if name else None for name in node.input]
            while inputs and inputs[-1] is None:
                inputs.pop()
            outputs = self.translate(node, inputs)
            for name, value in zip(node.output, outputs):
                if name in self._made:
                    raise error.ValueError(
                        f"import_model: tensor={name!r} is made twice; different names are expected"
                    )
                if name:
                    self._made.add(name)
                    self.values[name] = value

    def lookup(self, name, reader):
        """The value of a tensor.

        Raises:
            ValueError: No node before has made it.
        """
        try:
            return self.values[name]
        except KeyError:
            raise error.ValueError(
                f"import_model: tensor={name!r} of {reader} has not been made; an input, an "
                "initializer or the output of a node before it is expected"
            ) from None

    def opset(self, domain):
        """The version of an operator set.

        Raises:
            ValueError: The model does not name it.
        """
        domain = "" if domain == "ai.onnx" else domain
        if domain not in self.opsets:
            raise error.ValueError(
                f"import_model: domain={domain!r} of a node is not in opset_import; one of "
                f"{sorted(self.opsets)} is expected"
            )
        return self.opsets[domain]

    def translate(self, proto, inputs):
        """Translate one node.

        Returns:
            tuple of Value: Its outputs.
        """
        function = self.model.functions.get((proto.domain, proto.op_type, proto.overload))
        if function is not None:
            return self.expand(function, proto, inputs)
        opset = self.opset(proto.domain)
        domain = "" if proto.domain == "ai.onnx" else proto.domain
        if domain == "" and opset < OLDEST_OPSET:
            self.check_unchanged(proto, opset)
        translation = registry.find(domain, proto.op_type, opset)
        node = Node(self, proto, opset, inputs)
        if translation is None:
            function = self.standard_function(proto, opset, inputs)
            return self.expand(function, proto, inputs)
        try:
            return as_tuple(translation(node, *inputs))
        except NotConstantError:
            raise
        except error.MXNetError as cause:
            if proto.op_type in str(cause):
                raise
            raise type(cause)(f"{node.title}: {proto.op_type} ({cause})") from cause
        except MemoryError as cause:
            raise error.ValueError(
                f"{node.title}: {proto.op_type} needs more memory than there is ({cause}); smaller "
                "shapes are expected"
            ) from cause
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as cause:
            # A file may give an operator anything: too few inputs, texts for numbers, no attribute.
            raise error.ValueError(
                f"{node.title}: {proto.op_type} has inputs or attributes that it cannot have "
                f"({cause}); those of its definition are expected"
            ) from cause

    def check_unchanged(self, proto, opset):
        """Refuse operators of old opsets that the first one which is translated has changed.

        Raises:
            ValueError: The operator has been changed, or was not there.
        """
        from .functions import schema_of

        schema = schema_of(proto, OLDEST_OPSET)
        if schema is None or schema.since_version > opset:
            raise error.ValueError(
                f"{self.prefix}{proto.name or next(iter(proto.output), '')}: opset={opset} of "
                f"{proto.op_type} is too old; {OLDEST_OPSET} or later is expected"
            )

    def translate_as(self, proto, inputs, opset):
        """Translate a node of the standard operator set in another of its versions."""
        found = registry.find("", proto.op_type, opset)(Node(self, proto, opset, inputs), *inputs)
        return as_tuple(found)[0]

    def standard_function(self, proto, opset, inputs):
        """The body that ONNX itself gives to an operator.

        Raises:
            NotImplementedError: There is neither a translation nor a body.
        """
        from .functions import body

        function = body(proto, opset, inputs)
        if function is None:
            raise error.NotImplementedError(
                f"{self.prefix}{proto.name or next(iter(proto.output), '')}: {proto.op_type} of "
                f"domain {proto.domain or 'ai.onnx'!r}, opset {opset}, has no translation; an "
                "operator of docs/onnx_import.md is expected"
            )
        return function

    def expand(self, function, proto, inputs):
        """Translate the body of a function in the place of a node."""
        from .functions import bind_attributes

        name = f"{function.domain}.{function.name}"
        if name in self.stack or len(self.stack) >= _DEEPEST:
            raise error.ValueError(
                f"import_model: function={function.name!r} calls itself; functions that end are "
                "expected"
            )
        opsets = dict(self.opsets)
        opsets |= {
            "" if entry.domain == "ai.onnx" else entry.domain: entry.version
            for entry in function.opset_import
        }
        title = self.prefix + next((n for n in proto.output if n), proto.op_type)
        inner = GraphReader(
            self.model, self.builder, opsets, prefix=title + "/", stack=(*self.stack, name)
        )
        padded = list(inputs) + [None] * (len(function.input) - len(inputs))
        inner.values.update(zip(function.input, padded))
        try:
            inner.run(bind_attributes(function, proto))
        except NotConstantError as cause:
            names = inputs_before(function.node, cause.tensors)
            tensors = [a for a, b in zip(proto.input, function.input) if b in names]
            raise NotConstantError(str(cause), tensors) from cause
        return tuple(inner.values.get(name) for name in function.output)

    @staticmethod
    def inputs_before(nodes, tensors):
        """See the function of this name."""
        return inputs_before(nodes, tensors)

    def subgraph(self, graph, inputs, prefix):
        """Translate a body that sees the tensors of this graph.

        Args:
            graph (onnx.GraphProto): The body.
            inputs (list of Value): Values of its inputs, in order.
            prefix (str): What the names of its nodes begin with.

        Returns:
            list of Value: Its outputs.
        """
        if len(self.stack) >= _DEEPEST:
            raise error.ValueError(
                f"import_model: graph={graph.name!r} is nested too deep; at most {_DEEPEST} levels "
                "are expected"
            )
        inner = GraphReader(
            self.model,
            self.builder,
            self.opsets,
            scope=self.values,
            prefix=prefix,
            stack=(*self.stack, f"graph {graph.name}"),
        )
        names = [value.name for value in graph.input]
        return inner.read(graph, dict(zip(names, inputs)))


def inputs_before(nodes, tensors):
    """Names of tensors on which others depend, themselves among them.

    Args:
        nodes (list of onnx.NodeProto): The graph.
        tensors (list of str): The others.

    Returns:
        set of str: The names.
    """
    makers = {name: node for node in nodes for name in node.output}
    seen, waiting = set(), list(tensors)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += _read_by(makers[name]) if name in makers else ()
    return seen


def _read_by(node):
    """Names that a node and the graphs in it read."""
    names = list(node.input)
    for attribute in node.attribute:
        if attribute.HasField("g"):
            names += [output.name for output in attribute.g.output]
            for inner in attribute.g.node:
                names += _read_by(inner)
    return names


def declared(info):
    """Shape and dtype of an input or output as the file declares them.

    Args:
        info (onnx.ValueInfoProto): The declaration.

    Returns:
        tuple: Sizes as int, str for named ones or None (None for the whole if it is left open), and
        the name of the dtype.

    Raises:
        NotImplementedError: It is no tensor.
        ValueError: A size is negative.
    """
    kind = info.type.WhichOneof("value")
    if kind != "tensor_type":
        raise error.NotImplementedError(
            f"import_model: {info.name!r} is of type {kind or 'unknown'}; tensors are expected"
        )
    tensor = info.type.tensor_type
    dtype = from_enum(tensor.elem_type)
    if not tensor.HasField("shape"):
        return None, dtype
    sizes = []
    for dimension in tensor.shape.dim:
        which = dimension.WhichOneof("value")
        if which == "dim_value":
            if dimension.dim_value < 0:
                raise error.ValueError(
                    f"import_model: {info.name!r} has a size of {dimension.dim_value}; sizes of at "
                    "least 0 are expected"
                )
            sizes.append(dimension.dim_value)
        else:
            sizes.append(dimension.dim_param if which else None)
    return tuple(sizes), dtype


def empty_value(shape, dtype):
    """The constant that stands for an input without elements."""
    import numpy as np

    from .dtypes import computed_in

    try:
        return Value.constant(np.zeros(shape, computed_in(dtype)), dtype)
    except ValueError as cause:
        # Also without elements the product of the other sizes has to be a size.
        raise error.ValueError(
            f"import_model: shape={list(shape)} is no shape ({cause}); smaller sizes are expected"
        ) from cause
