"""The graph of a hybrid block, traced once for each structure of its arguments."""

import warnings

from ... import error, symbol
from ... import ndarray as nd
from ..._numpy_mode import shape_is_known
from . import nesting

__all__ = ["TracedGraph"]


class TracedGraph:
    """What a block computes, as a symbol.

    Args:
        owner (str): Name of the block.
        inputs (list of Symbol): Variables that stand for the arrays in its arguments.
        outputs: What it gave for them.
    """

    def __init__(self, owner, inputs, outputs):
        self.owner = owner
        self.inputs = inputs
        flat, self.structure = nesting.flatten(outputs, owner)
        self.symbol = symbol.Group(flat)
        self._op = None
        self._slots = None
        self._watches = []

    def __getstate__(self):
        # The operator is made again where it is needed.
        return {**vars(self), "_op": None, "_slots": None, "_watches": []}

    @property
    def is_prepared(self):
        """Whether there is the operator that runs the graph."""
        return self._op is not None

    def prepare(self, parameters, flags):
        """Make the operator that runs the graph.

        Args:
            parameters (ParameterDict): Those of the block.
            flags (list of tuple): Options, as `HybridBlock.hybridize` takes them.
        """
        places = {each.name: place for place, each in enumerate(self.inputs)}
        self._slots, data, weights = [], [], []
        for number, name in enumerate(self.symbol.list_inputs()):
            if name in places:
                self._slots.append(places[name])
                data.append(number)
            elif name in parameters:
                self._slots.append(parameters[name])
                weights.append(number)
            else:
                raise error.ValueError(
                    f"{self.owner}: the graph has a variable {name}, which is neither an input nor "
                    "a parameter; expected parameters registered with the block"
                )
        self._warn_of_unused(places, parameters)
        flags = [("data_indices", data), ("param_indices", weights), *flags]
        self._op = nd.CachedOp(self.symbol, [(key, str(value)) for key, value in flags])

    def _warn_of_unused(self, places, parameters):
        used = set(self.symbol.list_inputs())
        for name, place in places.items():
            if name not in used:
                warnings.warn(
                    f"The {place}-th input to HybridBlock is not used by any computation. "
                    "Is this intended?",
                    stacklevel=6,
                )
        for name in parameters:
            if name not in used:
                warnings.warn(
                    f"Parameter {name} is not used by any computation. Is this intended?",
                    stacklevel=6,
                )

    def run(self, arrays, ctx, watches):
        """The outputs for the arrays of the arguments, on the device `ctx`.

        Args:
            arrays (list of NDArray): The arrays in the arguments.
            ctx (Context): The device.
            watches (list of tuple): What to call with the name of an output, that of its operator
                and the array, node by node; each with whether it sees inputs of operators too.

        Raises:
            DeferredInitializationError: A parameter has no values yet.
        """
        values = [arrays[slot] if type(slot) is int else slot.data(ctx) for slot in self._slots]
        if watches is not self._watches:
            self._watch(watches)
        result = self._op(*values)
        return nesting.regroup(
            [result] if isinstance(result, nd.NDArray) else result, self.structure
        )

    def _watch(self, watches):
        internals = self.symbol.get_internals().list_outputs()
        outputs = set(internals).difference(self.symbol.list_inputs())

        def show(name, operator, array):
            for watch, sees_inputs in watches:
                if sees_inputs or name in outputs:
                    watch(name, operator, array)

        self._op._register_op_hook(show if watches else None, any(each for _, each in watches))
        self._watches = watches

    def infer(self, function, attribute, arrays):
        """Shapes or types of all variables.

        Args:
            function (str): 'infer_shape' or 'infer_type'.
            attribute (str): What it takes of the arrays: 'shape' or 'dtype'.
            arrays (list of NDArray): The arrays in the arguments.

        Returns:
            dict: By name.

        Raises:
            ValueError: They do not follow from those of the arrays.
        """
        known = {each.name: getattr(array, attribute) for each, array in zip(self.inputs, arrays)}
        used = set(self.symbol.list_inputs())
        known = {name: value for name, value in known.items() if name in used}
        partly = getattr(self.symbol, function + "_partial")(**known)
        names = self.symbol.list_arguments(), self.symbol.list_auxiliary_states()
        found = dict(zip(names[0] + names[1], partly[0] + partly[2]))
        missing = {
            name: value
            for name, value in found.items()
            if value is None or (attribute == "shape" and not shape_is_known(value))
        }
        if missing:
            unknown = ", ".join(f"{name} {value}" for name, value in missing.items())
            raise error.ValueError(
                f"{self.owner}: the {attribute} of {unknown} does not follow from that of the "
                f"inputs, {known}; expected in_units, in_channels or the like, or another "
                "definition"
            )
        return found
