"""What a translation sees of a node, and how it refuses one."""

import copy
import json

from ... import ndarray, symbol
from ...error import NotImplementedError as UnsupportedError
from .attributes import Attributes
from .source import Type


class Node:
    """A node of the network whose inputs have been translated.

    Attributes:
        op: Name of the operator in the registry.
        name: Name of the node.
        inputs: Names of the values of ONNX that are its inputs.
        attrs: Its parameters (`Attributes`).
        in_types: `Type` of each input.
        out_types: `Type` of each output.
        graphs: Graphs inside of it, as parsed JSON.
    """

    def __init__(self, source, inputs, in_types, writer):
        self.op, self.name, self.graphs = source.op, source.name, source.graphs
        self.inputs, self.in_types, self.out_types = inputs, in_types, source.types
        self.attrs = Attributes(source.op, source.attrs)
        self._writer = writer

    def refuse(self, what, way_out, argument=None):
        """Raises the error of an operator that ONNX cannot say.

        Args:
            what: What is not possible.
            way_out: What to do in its place.
            argument: Name of the parameter; None where it is no parameter's fault.
        """
        where = f"{argument}={getattr(self.attrs, argument)!r} " if argument else ""
        raise UnsupportedError(f"{self.op}: {where}of node {self.name!r} {what}; {way_out}")

    def with_inputs(self, inputs, dtype):
        """The same node with other values of a dtype as its first inputs."""
        found = copy.copy(self)
        found.inputs = list(inputs)
        kinds = zip(self.in_types, inputs)
        found.in_types = [Type(kind.shapes, dtype) for kind, _ in kinds]
        found.out_types = [Type(kind.shapes, dtype) for kind in self.out_types]
        return found

    def dims(self, i=0):
        """Sizes of input i, with None for those that vary from run to run."""
        found = self.in_types[i].dims
        if found is None:
            self.refuse("has an input whose shape follows from data", "known shapes are expected")
        return found

    def out_dims(self, i=0):
        """Sizes of output i, with None for those that vary."""
        found = self.out_types[i].dims
        if found is None:
            self.refuse("has a shape that follows from data", "known shapes are expected")
        return found

    def shape(self, i=0):
        """Sizes of input i, all of which must be known."""
        return self._fixed(self.dims(i), f"input {i}")

    def out_shape(self, i=0):
        """Sizes of output i, all of which must be known."""
        return self._fixed(self.out_dims(i), f"output {i}")

    def _fixed(self, dims, what):
        if None in dims:
            self.refuse(f"needs all sizes of its {what}", "export it with dynamic=False")
        return dims

    def sizes(self, g, i=0):
        """Sizes of input i; those that vary as names of vectors of one number."""
        x = self.inputs[i]
        return [g.size(x, axis) if n is None else n for axis, n in enumerate(self.dims(i))]

    def size(self, axis, i=0):
        """Size of one axis of input i, which must be known."""
        found = self.dims(i)[axis]
        if found is None:
            self.refuse(f"needs the size of axis {axis}", "make that axis one of fixed size")
        return found

    def rank(self, i=0):
        """Number of axes of input i."""
        return len(self.dims(i))

    def out_size(self, axis, i=0):
        """Size of one axis of output i, which must be known."""
        found = self.out_dims(i)[axis]
        if found is None:
            self.refuse(f"needs size {axis} of its result", "make it one of fixed size")
        return found

    def steps(self, g, axis, i=0):
        """Numbers of the elements along an axis of input i, from 0 (int64)."""
        return g.steps(self.sizes(g, i)[axis])

    def dtype(self, i=0):
        """NumPy dtype of input i."""
        return self.in_types[i].dtype

    def out_dtype(self, i=0):
        """NumPy dtype of output i."""
        return self.out_types[i].dtype

    def input_as(self, i, dtype):
        """Input i in a dtype, converted where it has another one."""
        if self.dtype(i) == dtype:
            return self.inputs[i]
        return self._writer.cast(self.inputs[i], dtype)

    def evaluate(self):
        """The result of the operator as an array.

        Only the shapes of its inputs count; sizes that vary may not matter and are taken as 1.
        """
        nodes = [{"op": "null", "name": f"in{i}", "inputs": []} for i in range(len(self.inputs))]
        count, inputs = len(nodes), [[i, 0, 0] for i in range(len(nodes))]
        nodes.append({"op": self.op, "name": "result", "attrs": self.attrs.texts, "inputs": inputs})
        graph = {"nodes": nodes, "arg_nodes": list(range(count)), "heads": [[count, 0, 0]]}
        arrays = {
            f"in{i}": ndarray.zeros([n or 1 for n in self.dims(i)], dtype=self.dtype(i))
            for i in range(count)
        }
        return symbol.load_json(json.dumps(graph)).eval(**arrays)[0].asnumpy()

    def axis(self, value, i=0):
        """An axis of input i counted from the front."""
        return value % self.rank(i)
