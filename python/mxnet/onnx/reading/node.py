"""A node of an ONNX graph as its translation sees it."""

from ... import error
from .values import Value
from .vocabulary import Vocabulary

__all__ = ["Node", "NotConstantError"]


class NotConstantError(error.MXNetError, ValueError):
    """An input whose numbers the translation needs is not a constant.

    Attributes:
        tensors (list of str): Names of tensors of the graph that it depends on.
    """

    def __init__(self, message, tensors):
        super().__init__(message)
        self.tensors = tensors


class Node(Vocabulary):
    """Attributes of a node, and operators that are named after it.

    Args:
        reader (GraphReader): The graph around it.
        proto (onnx.NodeProto): The node.
        opset (int): Version of the node's operator set.
        inputs (list of Value): Its inputs, None for those left out.
    """

    def __init__(self, reader, proto, opset, inputs):
        self.reader = reader
        self.proto = proto
        self.opset = opset
        self.inputs = inputs
        self.title = reader.prefix + next((name for name in proto.output if name), proto.op_type)
        self._attributes = {attribute.name: attribute for attribute in proto.attribute}

    @property
    def output_count(self):
        """How many outputs the node names."""
        return len(self.proto.output)

    def wants(self, index):
        """Whether an output is named."""
        return index < len(self.proto.output) and bool(self.proto.output[index])

    def attr(self, name, default=None):
        """An attribute as Python's value: int, float, str, list, or ONNX's message.

        Raises:
            ValueError: It is damaged.
        """
        import onnx

        attribute = self._attributes.get(name)
        if attribute is None:
            return default
        try:
            value = onnx.helper.get_attribute_value(attribute)
        except ValueError as cause:
            raise error.ValueError(f"{self.title}: {name} is damaged ({cause})") from cause
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
        if default is not None:
            expected = (int, float) if isinstance(default, float) else type(default)
            if isinstance(default, (int, float, str)) and not isinstance(value, expected):
                raise error.TypeError(
                    f"{self.title}: {name}={value!r} is of the wrong type; "
                    f"{type(default).__name__} is expected"
                )
        return list(value) if hasattr(value, "__len__") and not isinstance(value, str) else value

    def has(self, name):
        """Whether the node has an attribute."""
        return name in self._attributes

    def ops(self, name, *inputs, **attributes):
        """Apply an operator with several outputs.

        Returns:
            list of Value: With the shapes of the arrays that hold them.
        """
        return self.reader.builder.operate(name, list(inputs), attributes, self.title)

    def op(self, name, *inputs, **attributes):
        """Apply an operator and take its first output."""
        return self.ops(name, *inputs, **attributes)[0]

    def fresh(self, name, **attributes):
        """Apply an operator without inputs each time the network runs."""
        return self.reader.builder.operate(name, [], attributes, self.title, fold=False)[0]

    def need(self, value, what):
        """The numbers of an input that the shape of the result depends on.

        Args:
            value (Value): The input.
            what (str): Its name in the operator's definition.

        Returns:
            numpy.ndarray: Its contents.

        Raises:
            NotConstantError: They are only known when the network runs.
        """
        if value.is_constant:
            return value.array()
        raise self.not_constant(value, what)

    def not_constant(self, value, what):
        """The error for an input whose numbers are not known; see `need`."""
        names = [n for n, v in zip(self.proto.input, self.inputs) if v is value]
        return NotConstantError(
            f"{self.title}: {what} of {self.proto.op_type} is only known when the network runs; a "
            "constant is expected",
            names or list(self.proto.input),
        )

    def refuse(self, argument, value, expected):
        """The error for a parameter that has no translation."""
        return error.NotImplementedError(
            f"{self.title}: {argument}={value!r} of {self.proto.op_type} has no translation; "
            f"{expected} is expected"
        )

    def axis(self, number, rank):
        """An axis counted from the front.

        Raises:
            ValueError: There is no such axis.
        """
        number = int(number)
        if not -rank <= number < max(rank, 1):
            raise error.ValueError(
                f"{self.title}: axis={number} of {self.proto.op_type} is out of range; an axis of "
                f"{rank} is expected"
            )
        return number + rank if number < 0 else number

    def axes(self, numbers, rank):
        """Axes counted from the front, sorted."""
        return sorted({self.axis(number, rank) for number in numbers})

    def run_body(self, graph, inputs, prefix):
        """Translate a graph inside of the node; see `GraphReader.subgraph`."""
        try:
            return self.reader.subgraph(graph, inputs, prefix)
        except NotConstantError as cause:
            names = self.reader.inputs_before(graph.node, cause.tensors)
            tensors = [name for name in names if name in self.reader.values]
            if any(info.name in names for info in graph.input):
                tensors += [name for name in self.proto.input if name]
            raise NotConstantError(str(cause), tensors) from cause

    def expand(self, operator, *inputs, outputs=1, **attributes):
        """Translate another ONNX operator on the way, as if it stood in the graph."""
        import onnx

        proto = onnx.helper.make_node(
            operator,
            [f"input{i}" if value is not None else "" for i, value in enumerate(inputs)],
            [self.title] + [f"{self.title}_{i}" for i in range(1, outputs)],
            **attributes,
        )
        try:
            found = self.reader.translate(proto, list(inputs))
        except NotConstantError as cause:
            raise NotConstantError(str(cause), list(self.proto.input)) from cause
        return found[0] if outputs == 1 else found


def as_tuple(result):
    """What a translation returned, as a tuple of values."""
    return (result,) if isinstance(result, Value) else tuple(result)
