"""A symbol with its parameters that computes batches of any size."""

import ast
import collections
import time

import numpy as np

from ... import error
from ... import ndarray as nd
from ...context import Context
from .batch_times import BatchTimes
from .parts import Rooms, arrays_of

__all__ = ["Network", "Predictor", "TensorInfo"]

_PARAMETER_ENDINGS = ("_weight", "_bias", "_gamma", "_beta")
_SHAPES_KEPT = 32
_ROWS_ALIKE = 1e-3  # relative; kernels for other batch sizes round differently


class TensorInfo(collections.namedtuple("TensorInfo", "name dtype shape")):
    """An input or output of a network.

    Attributes:
        name (str): Its name.
        dtype (numpy.dtype): Its dtype.
        shape (tuple of int): Its shape; -1 where any size will do, as in the batch. None if it
            is not known.
    """


def make_context(text):
    """The device of a text such as ``gpu:1``."""
    kind, _, number = text.partition(":")
    if kind not in ("cpu", "gpu") or not (number or "0").isdecimal():
        raise error.ValueError(f"serve: device={text} is unknown; cpu, gpu or gpu:N is expected")
    return Context(kind, int(number or 0))


class Network:
    """A symbol with its parameters. Nothing changes it, so any number of threads may share it.

    Args:
        symbol (Symbol): The network.
        args, auxs (dict of str to NDArray): Parameters and auxiliary states.
        shapes (dict of str to tuple): Shapes of inputs with the batch, where a file tells them.
        device (str): Where it is computed.
        origin (str): What errors call it.

    Attributes:
        inputs, outputs (list of TensorInfo): What goes in and comes out.
        fixed_rows (int): The only size of a batch that the graph takes; None if it takes any.

    Raises:
        MXNetError: A parameter is missing, or a shape does not fit.
    """

    def __init__(self, symbol, args, auxs, shapes=None, device="cpu", origin="network"):
        self.symbol, self._origin = symbol, origin
        self._context = make_context(device)
        self._names = symbol.list_arguments()
        # Files may hold parameters of layers that were cut off.
        self._args = {
            name: args[name].as_in_context(self._context) for name in self._names if name in args
        }
        self._auxs = {name: array.as_in_context(self._context) for name, array in auxs.items()}
        self._parameter_shapes = {name: array.shape for name, array in self._args.items()}
        self._input_names = self._find_inputs()
        self._dtypes = self._find_dtypes()
        known = {**self._stored_shapes(), **(shapes or {})}
        self.fixed_rows = None
        strange = [name for name in known if name not in self._input_names]
        if strange and shapes:
            raise error.ValueError(
                f"{origin}: a shape is given for {strange[0]}, which is no input; the inputs are "
                f"{', '.join(self._input_names)}"
            )
        self.inputs = [self._input_info(name, known.get(name)) for name in self._input_names]
        self.outputs = self._find_outputs(known)

    def _find_inputs(self):
        unknown = [name for name in self._names if name not in self._args]
        missing = [name for name in unknown if name.endswith(_PARAMETER_ENDINGS)]
        missing += [n for n in self.symbol.list_auxiliary_states() if n not in self._auxs]
        if missing:
            raise error.ValueError(
                f"{self._origin}: parameter {missing[0]} is missing; one for each of the symbol "
                "is expected"
            )
        return [name for name in unknown if not name.endswith("label")]

    def _find_dtypes(self):
        given = {name: array.dtype for name, array in self._args.items()}
        found, _, _ = self.symbol.infer_type_partial(**given)
        return {
            name: np.dtype(np.float32 if dtype is None else dtype)
            for name, dtype in zip(self._names, found or [None] * len(self._names))
        }

    def _stored_shapes(self):
        attributes = self.symbol.attr_dict()
        shapes = {}
        for name in self._input_names:
            text = attributes.get(name, {}).get("__shape__")
            if text is not None:
                shapes[name] = tuple(ast.literal_eval(text))
        return shapes

    def _input_info(self, name, shape):
        if shape:
            shape = (-1, *(size if size > 0 else -1 for size in shape[1:]))
        return TensorInfo(name, self._dtypes[name], shape or None)

    @property
    def is_known(self):
        """Whether the shape of every input is known but for the batch."""
        return all(each.shape is not None and -1 not in each.shape[1:] for each in self.inputs)

    def shapes_for(self, rows):
        """Shapes of the inputs for a batch of `rows`, where they are known."""
        return {each.name: (rows, *each.shape[1:]) for each in self.inputs}

    def _find_outputs(self, known):
        names = self.symbol.list_outputs()
        if not self.is_known:
            return [TensorInfo(name, np.dtype(np.float32), None) for name in names]
        try:
            one, two = (self._infer(self.shapes_for(rows)) for rows in (1, 2))
        except error.MXNetError:
            # The size of the batch may be written into the graph; then files tell it.
            rows = known[self._input_names[0]][0]
            if rows <= 1:
                raise
            one = two = self._infer(self.shapes_for(rows))
            self.fixed_rows = rows
        given = {name: array.dtype for name, array in self._args.items()}
        given.update({each.name: each.dtype for each in self.inputs})
        _, dtypes, _ = self.symbol.infer_type(**given)
        return [
            TensorInfo(name, np.dtype(dtype), tuple(a if a == b else -1 for a, b in zip(*shapes)))
            for name, dtype, *shapes in zip(names, dtypes, one[1], two[1])
        ]

    def _infer(self, shapes):
        try:
            args, outputs, auxs = self.symbol.infer_shape(**self._parameter_shapes, **shapes)
        except error.MXNetError as cause:
            raise error.ValueError(f"{self._origin}: {cause}") from cause
        if args is None:
            raise error.ValueError(
                f"{self._origin}: the shapes of the inputs do not tell those of all arguments; "
                "--shape, such as --shape 3,224,224, is expected"
            )
        return args, outputs, auxs

    def bind(self, shapes):
        """An executor for inputs of these shapes.

        Args:
            shapes (dict of str to tuple of int): Shape of each input, with the batch.

        Returns:
            Executor: It shares the parameters; its inputs are its own.

        Raises:
            MXNetError: The shapes do not fit the network.
        """
        found, _, _ = self._infer(shapes)
        args = [
            self._args[name]
            if name in self._args
            else nd.zeros(shape, ctx=self._context, dtype=self._dtypes[name])
            for name, shape in zip(self._names, found)
        ]
        auxs = [self._auxs[name] for name in self.symbol.list_auxiliary_states()]
        return self.symbol.bind(self._context, args, None, "null", auxs)

    def rows_are_independent(self, predictor, row_shapes):
        """Whether a row's answer does not depend on the rows beside it, found by trying.

        Args:
            predictor (Predictor): Who computes.
            row_shapes (dict of str to tuple of int): Shapes of rows of the inputs.
        """
        state = np.random.RandomState(0)
        both = {each.name: _sample(state, each, row_shapes[each.name]) for each in self.inputs}
        try:
            joined = predictor.run(both)
            for row in range(2):
                alone = predictor.run({name: value[row : row + 1] for name, value in both.items()})
                for one, two in zip(alone, joined):
                    if two.shape[:1] != (2,) or not _alike(one, two[row : row + 1]):
                        return False
        except error.MXNetError:  # no batch of another size can be computed
            return False
        return True


def _sample(state, info, row_shape):
    values = state.uniform(0, 1, (2, *row_shape))
    return (values if info.dtype.kind == "f" else values * 2).astype(info.dtype)


def _alike(one, two):
    if one.shape != two.shape:
        return False
    one, two = one.astype(np.float64), two.astype(np.float64)
    largest = np.nanmax(np.abs(one), initial=0)
    return np.allclose(one, two, rtol=0, atol=_ROWS_ALIKE * largest + 1e-9, equal_nan=True)


class Predictor:
    """Computes with a network in one thread, and keeps what was bound for the last shapes.

    Args:
        network (Network): The network.
    """

    def __init__(self, network):
        self._network = network
        self._executors = collections.OrderedDict()
        self._rooms = Rooms()
        self._times = BatchTimes()

    def run(self, inputs):
        """The outputs for `inputs` as they are.

        Args:
            inputs (dict of str to numpy.ndarray): A value for each input.

        Returns:
            list of numpy.ndarray: The outputs.

        Raises:
            MXNetError: A shape does not fit the network.
        """
        key = tuple(value.shape for value in inputs.values())
        executor = self._executors.get(key)
        if executor is None:
            executor = self._network.bind({name: value.shape for name, value in inputs.items()})
            self._executors[key] = executor
            if len(self._executors) > _SHAPES_KEPT:
                self._executors.popitem(last=False)
            return self._outputs(executor, inputs)  # it compiles, so that its time tells nothing
        self._executors.move_to_end(key)
        start = time.perf_counter()
        outputs = self._outputs(executor, inputs)
        self._times.add(key[0][0] if key and key[0] else 1, time.perf_counter() - start)
        return outputs

    @staticmethod
    def _outputs(executor, inputs):
        executor.forward(False, **inputs)
        return [output.asnumpy() for output in executor.answers()]

    def run_rows(self, parts, rows, sizes):
        """The outputs for rows that are joined, and filled up to a size or cut into several.

        Args:
            parts (list of PlainPart or dict of str to numpy.ndarray): A value for each input, from
                each of those who ask; several fit the largest size together.
            rows (int): Rows of all parts.
            sizes (tuple of int): Batch sizes, in order; () computes the rows of one part as they
                are.
        """
        if not sizes:
            return self.run(arrays_of(parts[0]))
        plan = self._times.plan(rows, sizes)
        size = sum(plan)
        if size == rows and len(parts) == 1:
            inputs = arrays_of(parts[0])
        else:
            inputs = self._rooms.join(parts, rows, size)
        outputs = self.run(inputs) if len(plan) == 1 else self._in_pieces(inputs, plan)
        return outputs if size == rows else [output[:rows] for output in outputs]

    def _in_pieces(self, inputs, plan):
        """The outputs for parts of some rows, one part after the other."""
        pieces, at = [], 0
        for size in plan:
            pieces.append(self.run({name: each[at : at + size] for name, each in inputs.items()}))
            at += size
        return [np.concatenate(piece) for piece in zip(*pieces)]
