"""Makes operators of symbols, tells their shapes, and computes what depends on constants alone."""

import numpy as np

from ... import error
from ... import ndarray as nd
from ... import symbol as sym
from .dtypes import computed_in
from .gelu import Gelu
from .values import Size, Value, is_known, merge, sample, stored_shape

__all__ = ["Builder"]

# What is computed while a file is read may not take more memory than this (bytes).
_FOLDING_LIMIT = 1 << 30
# Operators of a network, those of steps that are written out among them.
_MOST_OPERATORS = 1 << 15
# Contents that depend on open sizes are followed while they are as small as shapes are.
_SAMPLE_LIMIT = 1024


def _operator(module, name):
    found = getattr(module, name, None)
    return found if found is not None else getattr(module._internal, name)


class Builder:
    """The symbols made so far and the parameters that they read.

    Attributes:
        parameters (dict of str to numpy.ndarray): Constants that symbols read.
        variables (set of str): Names of inputs and parameters.
        products (dict of str to tuple): Data, weight and units of dense layers without a bias, by
            the names of their nodes: what is added next may be their bias.
        donors (dict of Size to tuple): For each open size a tensor and its axis of that size.
        turned (dict of str to tuple): What was turned and its new order of axes, and `shaped` what
            had another shape, by the names of nodes: two in a row are one, or none.
        chosen (dict of str to tuple): For rows that were chosen from data, by the names of their
            nodes: all rows and truth values that choose them. What writes the rows somewhere can
            do so without knowing how many there are.
        clipped (dict of str to tuple): What whole numbers were clipped from, the lowest and the highest,
            by the names of nodes.
        gelu (Gelu): Steps of GELU.
        uniform (dict of str to number): The number in all elements, by the names of nodes.
    """

    def __init__(self):
        self.parameters = {}
        self.variables = set()
        self.donors = {}
        self.products = {}
        self.turned = {}
        self.shaped = {}
        self.chosen = {}
        self.clipped = {}
        self.gelu = Gelu()
        self.uniform = {}
        self._names = set()
        self._counts = {}
        self._operators = 0
        self._variables = {}

    def unique_name(self, wish):
        """`wish`, or with a number behind it if that is taken."""
        # Loops that are written out wish for one name thousands of times.
        name, count = wish, self._counts.get(wish, 0)
        while name in self._names:
            count += 1
            name = f"{wish}_{count}"
        self._counts[wish] = count
        self._names.add(name)
        return name

    def variable(self, name, shape, dtype):
        """An input of the network.

        Args:
            name (str): Its name, which stays.
            shape (tuple of int or Size): Its shape.
            dtype (str): Its ONNX dtype.
        """
        self._names.add(name)
        self.variables.add(name)
        known = stored_shape(shape) if is_known(shape) else None
        symbol = sym.var(name, shape=known, dtype=np.dtype(computed_in(dtype)))
        return self._noted(Value(shape, dtype, symbol))

    def _noted(self, value):
        """The value, with its open sizes noted."""
        for axis, size in enumerate(value.shape):
            if isinstance(size, Size):
                self.donors.setdefault(size, (value, axis))
        return value

    def symbol_of(self, value):
        """The symbol that computes a value; a variable for a constant, which it makes a parameter.

        Raises:
            ValueError: It has no elements, which no array can hold.
        """
        if value.symbol is not None:
            return value.symbol
        if value.is_empty:
            raise error.ValueError(
                f"import_model: {value.name or 'a constant'} has the shape {list(value.shape)}; "
                "a tensor with elements is expected here"
            )
        array = value.array()
        key = (id(array), value.shape)
        if key not in self._variables:
            name = self.unique_name(value.name or "constant")
            stored = array.reshape(stored_shape(value.shape))
            self.parameters[name] = stored
            self.variables.add(name)
            # The array is kept with its variable, so that its id stays its own.
            variable = sym.var(name, shape=stored.shape, dtype=stored.dtype)
            self._variables[key] = (variable, array)
        return self._variables[key][0]

    def operate(self, name, inputs, attributes, title, fold=True):
        """Apply an operator.

        Args:
            name (str): Name in the registry.
            inputs (list of Value): Its inputs.
            attributes (dict): Its parameters.
            title (str): Wish for the name of the node.
            fold (bool): Whether what depends on constants alone is computed now.

        Returns:
            list of Value: Its outputs, with the shapes of the arrays that hold them.

        Raises:
            MXNetError: The operator refuses shapes, dtypes or parameters, or there are too many.
        """
        self._operators += 1
        if self._operators > _MOST_OPERATORS:
            raise error.ValueError(
                f"{title}: the network has more than {_MOST_OPERATORS} operators, steps written "
                "out; fewer are expected"
            )
        for value in inputs:
            if value.is_empty:
                raise error.NotImplementedError(
                    f"{title}: an input has the shape {list(value.shape)}; tensors with elements "
                    "are expected"
                )
        types = self._infer(name, inputs, attributes)
        if fold and all(value.is_constant for value in inputs):
            return self._fold(name, inputs, attributes, types, title)
        symbol = _operator(sym, name)(
            *[self.symbol_of(value) for value in inputs],
            name=self.unique_name(title),
            **attributes,
        )
        outputs = [symbol] if len(types) == 1 else [symbol[i] for i in range(len(types))]
        values = [
            self._noted(Value(shape, dtype, out)) for (shape, dtype), out in zip(types, outputs)
        ]
        if fold and all(value.arrays is not None for value in inputs):
            self._follow(name, inputs, attributes, values)
        return values

    def _infer(self, name, inputs, attributes):
        """Shapes and dtypes of the outputs."""
        first = self._infer_case(name, inputs, attributes, 0)
        if all(is_known(value.shape) for value in inputs):
            return [(shape, dtype) for shape, dtype in first]
        second = self._infer_case(name, inputs, attributes, 1)
        return [(merge(a, b), dtype) for (a, dtype), (b, _) in zip(first, second)]

    @staticmethod
    def _infer_case(name, inputs, attributes, case):
        variables = [
            sym.var(
                f"input{i}",
                shape=stored_shape(sample(value.shape, case)),
                dtype=np.dtype(computed_in(value.dtype)),
            )
            for i, value in enumerate(inputs)
        ]
        probe = _operator(sym, name)(*variables, **attributes)
        _, shapes, _ = probe.infer_shape_partial()
        _, dtypes, _ = probe.infer_type()
        return [
            (tuple(s if s > 0 else Size.new() for s in shape), np.dtype(dtype).name)
            for shape, dtype in zip(shapes, dtypes)
        ]

    def _fold(self, name, inputs, attributes, types, title):
        sizes = [int(np.prod([float(s) for s in sample(shape, 0)])) for shape, _ in types]
        if max(sizes, default=0) * 8 > _FOLDING_LIMIT:
            raise error.ValueError(
                f"{title}: the constant result has the shape {list(types[0][0])}; at most "
                f"{_FOLDING_LIMIT} bytes are expected"
            )
        results = self._compute(name, [value.arrays[0] for value in inputs], attributes)
        return [Value.constant(array) for array in results]

    def _follow(self, name, inputs, attributes, values):
        """Compute contents that depend on open sizes, for both choices of them."""
        total = [np.prod([float(s) for s in sample(v.shape, 1)]) for v in (*inputs, *values)]
        if max(total) > _SAMPLE_LIMIT:
            return
        cases = [
            self._compute(name, [value.arrays[case] for value in inputs], attributes)
            for case in (0, 1)
        ]
        for value, first, second in zip(values, *cases):
            same = first.shape == second.shape and np.array_equal(first, second)
            value.arrays = (first, first if same else second)

    @staticmethod
    def _compute(name, arrays, attributes):
        inputs = [
            nd.array(array.reshape(stored_shape(array.shape)), dtype=array.dtype)
            for array in arrays
        ]
        outputs = _operator(nd, name)(*inputs, **attributes)
        outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
        return [out.asnumpy() for out in outputs]
