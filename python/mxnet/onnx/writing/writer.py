"""Collects nodes and constants of an ONNX graph."""

import numpy as np

from ... import error
from ..package import onnx
from . import folding
from .dtypes import code_of

# Constants of at most this many elements are looked up, so that equal ones are stored once.
_SHARED_SIZE = 64


class _Model:
    """What a graph and the graphs inside of it share: names, constants and the opset."""

    def __init__(self, opset):
        self.opset = opset
        self.names = set()
        self.counts = {}
        self.constants = {}
        self.used_constants = {}
        self.by_content = {}
        self.varying = {}


class Writer:
    """Adds nodes: ``g.Conv(x, weight, strides=[2, 2])`` gives the name of the result.

    Inputs are names of values, NumPy arrays (constants) or None (left out). ``outputs=3`` asks for
    a list of three names. A node whose inputs are constants is computed at once where
    `folding` can do that.

    Args:
        opset: Version of ONNX's operators.
        parent: The writer of the graph around this one.
    """

    def __init__(self, opset=None, parent=None):
        self._model = parent._model if parent else _Model(opset)
        self.opset = self._model.opset
        self.nodes = []
        self.scope = parent.scope if parent else ""

    def __getattr__(self, op):
        if not op[:1].isupper():
            raise AttributeError(op)
        return lambda *inputs, **options: self.add(op, inputs, **options)

    def add(self, op, inputs, outputs=1, **attributes):
        """Adds a node; returns the name of its output, or a list if `outputs` is given."""
        attributes = {key: value for key, value in attributes.items() if value is not None}
        if outputs == 1 and folding.knows(op) and all(map(self.is_constant, inputs)):
            return self._folded(op, inputs, attributes)
        names = [self.new_name(op) for _ in range(outputs)]
        taken = [self.read(each) for each in inputs]
        while taken and not taken[-1]:
            taken.pop()
        self.nodes.append(onnx.helper.make_node(op, taken, names, names[0], **attributes))
        return names[0] if outputs == 1 else names

    def _folded(self, op, inputs, attributes):
        """The name of the result of a node whose inputs are constants."""
        found = self._model.constants.get(inputs[0]) if isinstance(inputs[0], str) else None
        if op == "Transpose" and hasattr(found, "asnumpy"):
            # Weights of dense layers are large: no second copy of all is held.
            name = self.new_name(op)
            self.define(name, folding.Turned(found, attributes["perm"]))
            return name
        known = [self.constant_of(each) for each in inputs]
        return self.constant(folding.fold(op, known, attributes), op)

    def read(self, value):
        """The name of an input, whose constant is part of the file from now on."""
        if value is None:
            return ""
        if not isinstance(value, str):
            value = self.constant(value)
        if value in self._model.constants:
            self._model.used_constants[value] = self._model.constants[value]
        return value

    def constant(self, value, name="constant"):
        """The name of a constant: a NumPy array, or a name that is one already."""
        if isinstance(value, str):
            return value
        value = np.asarray(value)
        key = (
            (value.dtype.str, value.shape, value.tobytes()) if value.size <= _SHARED_SIZE else None
        )
        if key is not None and key in self._model.by_content:
            return self._model.by_content[key]
        found = self.new_name(name)
        self.define(found, value)
        if key is not None:
            self._model.by_content[key] = found
        return found

    def define(self, name, value):
        """Makes a name stand for a constant: a NumPy array, or an NDArray, which is read late."""
        self._model.constants[name] = value

    def constant_of(self, value):
        """The array that a constant's name stands for; an array is itself."""
        found = self._model.constants[value] if isinstance(value, str) else value
        return found.asnumpy() if hasattr(found, "asnumpy") else np.asarray(found)

    def is_constant(self, value):
        """Whether a value is known: a NumPy array, or a name that stands for a constant."""
        if isinstance(value, str):
            return value in self._model.constants
        return value is not None

    @property
    def used_constants(self):
        """Constants that nodes read, by name, in the order of use."""
        return self._model.used_constants

    def new_name(self, wish):
        """A name that nothing has yet."""
        wish = f"{self.scope}_{wish}" if self.scope else wish
        name, count = wish, self._model.counts.get(wish, 0)
        while name in self._model.names:
            count += 1
            name = f"{wish}_{count}"
        self._model.counts[wish] = count
        self._model.names.add(name)
        return name

    def reserve(self, name):
        """Takes a name; False where it is taken."""
        if name in self._model.names:
            return False
        self._model.names.add(name)
        return True

    def rename_last(self, old, new):
        """Gives the result of the nodes added last another name; nobody else has read it yet."""
        for node in reversed(self.nodes):
            if old in node.output:
                node.output[list(node.output).index(old)] = new
                return
            for i, name in enumerate(node.input):
                if name == old:
                    node.input[i] = new

    def makes(self, name, since):
        """Whether one of the nodes from number `since` on has the output `name`."""
        return any(name in node.output for node in self.nodes[since:])

    # Things that many translations say.

    def cast(self, value, dtype):
        """The value converted to a NumPy dtype."""
        return self.Cast(value, to=code_of(dtype))

    def number(self, value, dtype):
        """A constant without axes."""
        if np.dtype(dtype).names:
            raise error.NotImplementedError(
                "export_model: dtype=bfloat16 has no numbers in NumPy; float16 or float32 is "
                "expected"
            )
        return self.constant(np.asarray(value).astype(dtype))

    def name_size(self, sizes, value, axis):
        """Says where a size that varies is found: which trial sizes an axis of an input has."""
        self._model.varying.setdefault(sizes, (value, axis))

    def varying_size(self, sizes):
        """What computes the size that an axis with these trial sizes has; None if nothing does."""
        found = self._model.varying.get(sizes)
        return self.size(*found) if found else None

    def ints(self, *values):
        """A vector of int64, as shapes and axes are."""
        return self.constant(np.array(values, dtype=np.int64))

    def sizes(self, value):
        """The shape of a value as a vector."""
        return self.Shape(value)

    def size(self, value, axis):
        """The size of one axis as a vector of one number."""
        return (
            self.Shape(value, start=axis, end=axis + 1)
            if self.opset >= 15
            else self.Gather(self.Shape(value), self.ints(axis), axis=0)
        )

    def reshape(self, value, dims):
        """The value in another shape.

        Args:
            value: Name of a value.
            dims: For each axis its size, None (at most once: what remains), or the name of a vector
                of one number.
        """
        if not any(isinstance(size, str) for size in dims):
            return self.Reshape(value, self.ints(*(-1 if d is None else d for d in dims)))
        parts = [d if isinstance(d, str) else self.ints(-1 if d is None else d) for d in dims]
        return self.Reshape(value, self.Concat(*parts, axis=0))

    def steps(self, size):
        """The numbers from 0 to a size, which is a number or the name of a vector of one number."""
        if not isinstance(size, str):
            return self.constant(np.arange(size, dtype=np.int64))
        zero, one = self.number(0, np.int64), self.number(1, np.int64)
        return self.Range(zero, self.squeeze(size, 0), one)

    def reduce(self, kind, value, axes=None, keepdims=False):
        """ReduceSum, ReduceMax ... (`kind`); their axes became an input, each in its version."""
        since = 13 if kind == "ReduceSum" else 18
        axes = None if axes is None else [int(axis) for axis in axes]
        if axes == []:
            return value
        if self.opset >= since:
            given = None if axes is None else self.ints(*axes)
            return self.add(kind, [value, given], keepdims=int(keepdims))
        return self.add(kind, [value], axes=axes, keepdims=int(keepdims))

    def slice(self, value, axis, start, end, step=1):
        """``value[start:end:step]`` along one axis; None as end: all that is left."""
        end = np.iinfo(np.int64).max if end is None else end
        ends = [self.ints(each) for each in (start, end, axis, step)]
        return self.Slice(value, *ends)

    def squeeze(self, value, *axes):
        """The value without axes of size 1."""
        return self.Squeeze(value, self.ints(*axes))

    def unsqueeze(self, value, *axes):
        """The value with new axes of size 1 at those places of the result."""
        return self.Unsqueeze(value, self.ints(*axes))

    def split(self, value, axis, sizes):
        """A list of the parts of an axis."""
        if len(sizes) == 1:
            return [value]
        return self.Split(value, self.ints(*sizes), axis=axis, outputs=len(sizes))

    def where(self, condition, x, y):
        """x where a condition of bools holds, else y."""
        return self.Where(condition, x, y)
