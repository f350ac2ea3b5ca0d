"""Dropout with one mask for all steps, LSTM with a projection, and unrolling by a loop."""

from .... import _elsewhere, error
from ...rnn import BidirectionalCell, HybridRecurrentCell, ModifierCell
from ...rnn.sequences import mask, module_of

__all__ = ["VariationalDropoutCell", "LSTMPCell"]

__getattr__ = _elsewhere.getter(
    __name__,
    {
        "SequentialRNNCell": "gluon.rnn",
        "_format_sequence": "gluon.rnn.by_hand:format_sequence",
        "_get_begin_state": "gluon.rnn.by_hand:begin_state",
        "_mask_sequence_variable_length": "gluon.rnn.by_hand:mask_sequence",
        "tensor_types": "gluon.parameter",
    },
)


class VariationalDropoutCell(ModifierCell):
    """Dropout with the same mask in all steps of a sequence (arXiv:1512.05287).

    Args:
        base_cell (HybridRecurrentCell): The cell inside.
        drop_inputs (float): Share of the inputs that become zero.
        drop_states (float): Share of the first state.
        drop_outputs (float): Share of the outputs.
    """

    def __init__(self, base_cell, drop_inputs=0.0, drop_states=0.0, drop_outputs=0.0):
        if drop_states and isinstance(base_cell, BidirectionalCell):
            raise error.AssertionError(
                "VariationalDropoutCell: a BidirectionalCell needs the whole sequence; expected "
                "VariationalDropoutCells around the cells in it"
            )
        super().__init__(base_cell)
        self.drop_inputs = drop_inputs
        self.drop_states = drop_states
        self.drop_outputs = drop_outputs
        self._masks = {}

    def _alias(self):
        return "vardrop"

    def reset(self):
        """Draw other masks for the next sequence."""
        super().reset()
        self._masks = {}

    def _masked(self, F, what, rate, x):
        """`x` times the mask of its kind, drawn in the first step."""
        if not rate:
            return x
        if what not in self._masks:
            self._masks[what] = F.Dropout(F.ones_like(x), p=rate)
        return x * self._masks[what]

    def hybrid_forward(self, F, inputs, states):
        states = [self._masked(F, "states", self.drop_states, states[0]), *states[1:]]
        inputs = self._masked(F, "inputs", self.drop_inputs, inputs)
        output, states = self.base_cell(inputs, states)
        return self._masked(F, "outputs", self.drop_outputs, output), states

    def __repr__(self):
        return f"{type(self).__name__}(p_out = {self.drop_outputs}, p_state = {self.drop_states})"


class LSTMPCell(HybridRecurrentCell):
    """LSTM whose output is projected to a smaller size (arXiv:1402.1128).

    Args:
        hidden_size (int): Size of the memory.
        projection_size (int): Size of the output.
        i2h_weight_initializer, h2h_weight_initializer, h2r_weight_initializer,
            i2h_bias_initializer, h2h_bias_initializer (Initializer or str): Initializers.
        input_size (int): Size of the input; 0 to find out in the first forward pass.
        prefix (str): See `Block`.
        params (ParameterDict): See `Block`.
    """

    def __init__(
        self,
        hidden_size,
        projection_size,
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        h2r_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        input_size=0,
        prefix=None,
        params=None,
    ):
        super().__init__(prefix=prefix, params=params)
        self._hidden_size = hidden_size
        self._projection_size = projection_size
        rows = 4 * hidden_size
        for name, shape, init in (
            ("i2h_weight", (rows, input_size), i2h_weight_initializer),
            ("h2h_weight", (rows, projection_size), h2h_weight_initializer),
            ("h2r_weight", (projection_size, hidden_size), h2r_weight_initializer),
            ("i2h_bias", (rows,), i2h_bias_initializer),
            ("h2h_bias", (rows,), h2h_bias_initializer),
        ):
            parameter = self.params.get(name, shape=shape, init=init, allow_deferred_init=True)
            setattr(self, name, parameter)

    def state_info(self, batch_size=0):
        return [
            {"shape": (batch_size, size), "__layout__": "NC"}
            for size in (self._projection_size, self._hidden_size)
        ]

    def _alias(self):
        return "lstmp"

    def __repr__(self):
        rows, size = self.i2h_weight.shape
        return f"{type(self).__name__}({size or None} -> {rows} -> {self._projection_size})"

    def hybrid_forward(
        self, F, inputs, states, i2h_weight, h2h_weight, h2r_weight, i2h_bias, h2h_bias
    ):
        step, rows = f"t{self._counter}_", 4 * self._hidden_size
        i2h = F.FullyConnected(inputs, i2h_weight, i2h_bias, num_hidden=rows, name=step + "i2h")
        h2h = F.FullyConnected(states[0], h2h_weight, h2h_bias, num_hidden=rows, name=step + "h2h")
        gates = F.SliceChannel(F._internal._Plus(i2h, h2h), num_outputs=4, name=step + "slice")
        let_in = F.Activation(gates[0], act_type="sigmoid", name=step + "i")
        keep = F.Activation(gates[1], act_type="sigmoid", name=step + "f")
        new = F.Activation(gates[2], act_type="tanh", name=step + "c")
        let_out = F.Activation(gates[3], act_type="sigmoid", name=step + "o")
        memory = F.elemwise_add(
            F._internal._Mul(keep, states[1]), let_in * new, name=step + "state"
        )
        hidden = F.elemwise_mul(
            let_out, F.Activation(memory, act_type="tanh"), name=step + "hidden"
        )
        output = F.FullyConnected(
            hidden,
            h2r_weight,
            no_bias=True,
            num_hidden=self._projection_size,
            name=step + "out",
        )
        return output, [output, memory]


def dynamic_unroll(
    cell, inputs, begin_state, drop_inputs=0, drop_outputs=0, layout="TNC", valid_length=None
):
    """Run a cell over a sequence by `contrib.foreach`: a graph holds its step only once.

    Args:
        cell (HybridRecurrentCell): The cell.
        inputs (NDArray or Symbol): The sequence, of shape (steps, batch, inputs), or as `layout`
            says.
        begin_state (list of NDArray or of Symbol): The states of the first step.
        drop_inputs, drop_outputs (float): Share of the features that become zero, the same ones in
            all steps.
        layout (str): "TNC" or "NTC".
        valid_length (NDArray or Symbol): Length of each example; outputs after it are zero, and its
            states are those of its last step.

    Returns:
        tuple: The outputs, in the same layout, and a list of the states.

    Raises:
        ValueError: Another layout.
    """
    if layout not in ("TNC", "NTC"):
        raise error.ValueError(f"dynamic_unroll: layout={layout!r} is unknown; expected TNC or NTC")
    F = module_of(inputs)
    if layout == "NTC":
        inputs = F.swapaxes(inputs, dim1=0, dim2=1)
    if drop_inputs:
        inputs = F.Dropout(inputs, p=drop_inputs, axes=(0,))
    if valid_length is None:
        outputs, states = F.contrib.foreach(cell, inputs, begin_state)
    else:

        def step(data, old):
            number, *old = old
            output, new = cell(data, old)
            goes_on = F.broadcast_lesser(number, valid_length)
            return output, [number + 1] + [F.where(goes_on, a, b) for a, b in zip(new, old)]

        first = F.zeros_like(F.slice_axis(valid_length, axis=0, begin=0, end=1))
        outputs, states = F.contrib.foreach(step, inputs, [first, *begin_state])
        outputs, states = mask(outputs, None, valid_length, axis=0), states[1:]
    if drop_outputs:
        outputs = F.Dropout(outputs, p=drop_outputs, axes=(0,))
    return outputs if layout == "TNC" else F.swapaxes(outputs, dim1=0, dim2=1), states
