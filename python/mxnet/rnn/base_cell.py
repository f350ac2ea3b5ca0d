"""What every cell is: parameters, states, weights by gate, and unrolling over time."""

from .. import error, symbol
from .. import ndarray as nd

__all__ = ["RNNParams", "BaseRNNCell"]


class RNNParams:
    """Variables by name, so that cells can share them.

    Args:
        prefix (str): Comes before all names.
    """

    def __init__(self, prefix=""):
        self._prefix = prefix
        self._params = {}

    def get(self, name, **kwargs):
        """The variable of this name; made at the first call.

        Args:
            name (str): Its name without the prefix.
            **kwargs: Arguments of `mx.sym.Variable`.
        """
        name = self._prefix + name
        if name not in self._params:
            self._params[name] = symbol.Variable(name, **kwargs)
        return self._params[name]


def time_axis(layout):
    """Which axis of a layout such as "NTC" is time.

    Raises:
        ValueError: There is none.
    """
    if "T" not in layout:
        raise error.AssertedValueError(
            f"unroll: layout={layout!r} has no time; NTC or TNC is expected"
        )
    return layout.index("T")


def as_steps(length, inputs, layout):
    """Inputs of an unrolled cell as a list of symbols, one for each step.

    Args:
        length (int): Number of steps.
        inputs (Symbol or list of Symbol): One symbol of all steps, or one for each step.
        layout (str): Layout of a symbol of all steps.

    Raises:
        ValueError: Their number is wrong, or a group is given.
    """
    if isinstance(inputs, symbol.Symbol):
        if len(inputs.list_outputs()) != 1:
            raise error.AssertedValueError(
                f"unroll: inputs={inputs!r} is a group; one symbol or a list of symbols is expected"
            )
        parts = symbol.split(inputs, axis=time_axis(layout), num_outputs=length, squeeze_axis=1)
        return list(parts) if length != 1 else [parts]
    if not isinstance(inputs, (list, tuple)):
        raise error.AssertedTypeError(
            f"unroll: inputs is a {type(inputs).__name__}; one symbol or a list of symbols is "
            "expected"
        )
    if len(inputs) != length:
        raise error.AssertedValueError(
            f"unroll: inputs has {len(inputs)} symbols; one for each of {length} steps is expected"
        )
    return list(inputs)


def as_one(inputs, layout):
    """Inputs or outputs of all steps as one symbol of this layout; see `as_steps`."""
    if isinstance(inputs, symbol.Symbol):
        return inputs
    axis = time_axis(layout)
    return symbol.Concat(*(symbol.expand_dims(step, axis=axis) for step in inputs), dim=axis)


def arranged(length, outputs, layout, merge):
    """Outputs as the caller wants them: as one symbol, as a list, or (None) as they are."""
    if merge is None:
        return outputs
    return as_one(outputs, layout) if merge else as_steps(length, outputs, layout)


class BaseRNNCell:
    """Base of all cells. A cell is called with the input of one step and the states before it and
    gives the output of the step and the states after it.

    Args:
        prefix (str): Comes before the names of parameters and nodes.
        params (RNNParams): Parameters to share; made anew if not given.
    """

    _has_steps = True  # whether it can be called for one step

    def __init__(self, prefix="", params=None):
        self._own_params = params is None
        self._prefix = prefix
        self._params = RNNParams(prefix) if params is None else params
        self._modified = False
        self.reset()

    def reset(self):
        """Start counting steps anew, before the cell is used in another graph."""
        self._init_counter = -1
        self._counter = -1

    def __call__(self, inputs, states):
        """One step.

        Args:
            inputs (Symbol): Input, shape (batch, features).
            states (list of Symbol): States; `begin_state` or those of the step before.

        Returns:
            tuple: Output of the step, list of states.
        """
        raise error.NotImplementedError(f"{type(self).__name__} does not define __call__")

    @property
    def params(self):
        """Parameters of the cell."""
        self._own_params = False
        return self._params

    @property
    def state_info(self):
        """Shape and layout of each state, a list of dicts."""
        raise error.NotImplementedError(f"{type(self).__name__} does not define state_info")

    @property
    def state_shape(self):
        """Shape of each state."""
        return [info["shape"] for info in self.state_info]

    @property
    def _gate_names(self):
        return ()

    def _check_unmodified(self):
        if self._modified:
            raise error.AssertedValueError(
                f"{type(self).__name__}: it belongs to a cell such as ZoneoutCell; that cell is to "
                "be called in its place"
            )

    def _step_name(self):
        """Prefix of the names of the next step's nodes."""
        self._counter += 1
        return f"{self._prefix}t{self._counter}_"

    def begin_state(self, func=symbol.zeros, **kwargs):
        """States to begin with.

        Args:
            func (function): Makes a symbol from name, shape and layout, such as `mx.sym.Variable`.
            **kwargs: Further arguments of `func`.

        Returns:
            list of Symbol: One for each state.
        """
        self._check_unmodified()
        states = []
        for info in self.state_info:
            self._init_counter += 1
            name = f"{self._prefix}begin_state_{self._init_counter}"
            states.append(func(name=name, **{**info, **kwargs}))
        return states

    def _parts(self):
        """For `i2h` and `h2h`: names of weight and bias of the whole and of each gate."""
        for group in ("i2h", "h2h"):
            for kind in ("weight", "bias"):
                whole = f"{self._prefix}{group}_{kind}"
                yield whole, [f"{self._prefix}{group}{gate}_{kind}" for gate in self._gate_names]

    def unpack_weights(self, args):
        """Weights of each gate from those of the whole cell.

        Args:
            args (dict of str to NDArray): Parameters by name.

        Returns:
            dict of str to NDArray: All of `args`, those of this cell in parts.
        """
        args = dict(args)
        for whole, gates in self._parts():
            if not gates:
                continue
            array = args.pop(whole)
            rows = array.shape[0] // len(gates)
            for i, gate in enumerate(gates):
                args[gate] = array[i * rows : (i + 1) * rows].copy()
        return args

    def pack_weights(self, args):
        """Weights of the whole cell from those of its gates; undoes `unpack_weights`."""
        args = dict(args)
        for whole, gates in self._parts():
            if gates:
                args[whole] = nd.concat(*[args.pop(gate) for gate in gates], dim=0)
        return args

    def unroll(self, length, inputs, begin_state=None, layout="NTC", merge_outputs=None):
        """The graph of several steps.

        Args:
            length (int): Number of steps.
            inputs (Symbol or list of Symbol): Inputs of all steps in `layout`, or of each step.
            begin_state (list of Symbol): States to begin with; zeros if not given.
            layout (str): "NTC" or "TNC", for symbols of all steps.
            merge_outputs (bool): Whether outputs are one symbol; None is what costs least.

        Returns:
            tuple: Outputs (a symbol or a list of symbols), list of states after the last step.
        """
        self.reset()
        steps = as_steps(length, inputs, layout)
        states = self.begin_state() if begin_state is None else begin_state
        outputs = []
        for step in steps:
            output, states = self(step, states)
            outputs.append(output)
        return arranged(length, outputs, layout, merge_outputs), states

    def _get_activation(self, inputs, activation, **kwargs):
        """An activation by name, or a function."""
        if isinstance(activation, str):
            return symbol.Activation(inputs, act_type=activation, **kwargs)
        return activation(inputs, **kwargs)
