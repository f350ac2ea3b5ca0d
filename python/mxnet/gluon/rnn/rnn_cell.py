"""Elman, LSTM and GRU cells."""

from ... import _elsewhere
from ..nn import LeakyReLU
from .recurrent_cell import HybridRecurrentCell

__all__ = ["RNNCell", "LSTMCell", "GRUCell"]

__getattr__ = _elsewhere.getter(
    __name__,
    {
        "BidirectionalCell": "gluon.rnn.modifiers",
        "DropoutCell": "gluon.rnn.modifiers",
        "ModifierCell": "gluon.rnn.modifiers",
        "ResidualCell": "gluon.rnn.modifiers",
        "ZoneoutCell": "gluon.rnn.modifiers",
        "RecurrentCell": "gluon.rnn.recurrent_cell",
        "SequentialRNNCell": "gluon.rnn.sequential",
        "HybridSequentialRNNCell": "gluon.rnn.sequential",
        "_as_list": "base",
        "_cells_begin_state": "gluon.rnn.by_hand:begin_states",
        "_cells_state_info": "gluon.rnn.by_hand:state_infos",
        "_format_sequence": "gluon.rnn.by_hand:format_sequence",
        "_get_begin_state": "gluon.rnn.by_hand:begin_state",
        "_mask_sequence_variable_length": "gluon.rnn.by_hand:mask_sequence",
        "_reverse_sequences": "gluon.rnn.by_hand:reverse_sequences",
        "tensor_types": "gluon.parameter",
    },
)

_OPERATORS = ("tanh", "relu", "sigmoid", "softsign")


def activate(F, x, activation, **kwargs):
    """An activation by its name, or a layer, applied to `x`.

    Args:
        F (module): `mx.nd` or `mx.sym`.
        x (NDArray or Symbol): What to apply it to.
        activation (str or Block): The activation.
        **kwargs: The ``name`` of the node.
    """
    if isinstance(activation, str):
        if activation in _OPERATORS:
            return getattr(F, activation)(x, **kwargs)
        return F.Activation(x, act_type=activation, **kwargs)
    if isinstance(activation, LeakyReLU):
        return F.LeakyReLU(x, act_type="leaky", slope=activation._alpha, **kwargs)
    return activation(x)


class _GatedCell(HybridRecurrentCell):
    """Base of cells with a weight for inputs and one for states, for all gates together."""

    _gates = 1
    _states = 1

    def __init__(
        self,
        hidden_size,
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        input_size=0,
        prefix=None,
        params=None,
    ):
        super().__init__(prefix=prefix, params=params)
        self._hidden_size = hidden_size
        self._input_size = input_size
        rows = self._gates * hidden_size
        for name, shape, init in (
            ("i2h_weight", (rows, input_size), i2h_weight_initializer),
            ("h2h_weight", (rows, hidden_size), h2h_weight_initializer),
            ("i2h_bias", (rows,), i2h_bias_initializer),
            ("h2h_bias", (rows,), h2h_bias_initializer),
        ):
            parameter = self.params.get(name, shape=shape, init=init, allow_deferred_init=True)
            setattr(self, name, parameter)

    def state_info(self, batch_size=0):
        return [
            {"shape": (batch_size, self._hidden_size), "__layout__": "NC"}
            for _ in range(self._states)
        ]

    def _step(self):
        """What names of the nodes of this step begin with."""
        return f"t{self._counter}_"

    def _project(self, F, inputs, state, parameters, step):
        """Input and state times their weights, for all gates."""
        i2h_weight, h2h_weight, i2h_bias, h2h_bias = parameters
        rows = self._gates * self._hidden_size
        return (
            F.FullyConnected(inputs, i2h_weight, i2h_bias, num_hidden=rows, name=step + "i2h"),
            F.FullyConnected(state, h2h_weight, h2h_bias, num_hidden=rows, name=step + "h2h"),
        )

    def _describe(self):
        rows, size = self.i2h_weight.shape
        return f"{size or None} -> {rows}"

    def __repr__(self):
        return f"{type(self).__name__}({self._describe()})"


class RNNCell(_GatedCell):
    """``h' = activation(W_i2h x + b_i2h + W_h2h h + b_h2h)``.

    Args:
        hidden_size (int): Size of the state.
        activation (str or Block): The activation.
        i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer,
            h2h_bias_initializer (Initializer or str): Initializers.
        input_size (int): Size of the input; 0 to find out in the first forward pass.
        prefix (str): See `Block`.
        params (ParameterDict): See `Block`.
    """

    def __init__(
        self,
        hidden_size,
        activation="tanh",
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        input_size=0,
        prefix=None,
        params=None,
    ):
        super().__init__(
            hidden_size,
            i2h_weight_initializer,
            h2h_weight_initializer,
            i2h_bias_initializer,
            h2h_bias_initializer,
            input_size,
            prefix,
            params,
        )
        self._activation = activation

    def _alias(self):
        return "rnn"

    def hybrid_forward(self, F, inputs, states, i2h_weight, h2h_weight, i2h_bias, h2h_bias):
        step = self._step()
        parameters = i2h_weight, h2h_weight, i2h_bias, h2h_bias
        i2h, h2h = self._project(F, inputs, states[0], parameters, step)
        total = F.elemwise_add(i2h, h2h, name=step + "plus0")
        output = activate(F, total, self._activation, name=step + "out")
        return output, [output]

    def _describe(self):
        activation = self._activation
        return f"{super()._describe()}, {activation}"


class LSTMCell(_GatedCell):
    """Long short-term memory (Hochreiter and Schmidhuber 1997).

    Args:
        hidden_size (int): Size of the states.
        i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer,
            h2h_bias_initializer (Initializer or str): Initializers.
        input_size (int): Size of the input; 0 to find out in the first forward pass.
        prefix (str): See `Block`.
        params (ParameterDict): See `Block`.
        activation (str): Activation of inputs and outputs.
        recurrent_activation (str): Activation of the gates.
    """

    _gates = 4
    _states = 2

    def __init__(
        self,
        hidden_size,
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        input_size=0,
        prefix=None,
        params=None,
        activation="tanh",
        recurrent_activation="sigmoid",
    ):
        super().__init__(
            hidden_size,
            i2h_weight_initializer,
            h2h_weight_initializer,
            i2h_bias_initializer,
            h2h_bias_initializer,
            input_size,
            prefix,
            params,
        )
        self._activation = activation
        self._recurrent_activation = recurrent_activation

    def _alias(self):
        return "lstm"

    def hybrid_forward(self, F, inputs, states, i2h_weight, h2h_weight, i2h_bias, h2h_bias):
        step = self._step()
        parameters = i2h_weight, h2h_weight, i2h_bias, h2h_bias
        i2h, h2h = self._project(F, inputs, states[0], parameters, step)
        gates = F.SliceChannel(
            F.elemwise_add(i2h, h2h, name=step + "plus0"), num_outputs=4, name=step + "slice"
        )
        let_in = activate(F, gates[0], self._recurrent_activation, name=step + "i")
        keep = activate(F, gates[1], self._recurrent_activation, name=step + "f")
        new = activate(F, gates[2], self._activation, name=step + "c")
        let_out = activate(F, gates[3], self._recurrent_activation, name=step + "o")
        memory = F.elemwise_add(
            F.elemwise_mul(keep, states[1], name=step + "mul0"),
            F.elemwise_mul(let_in, new, name=step + "mul1"),
            name=step + "state",
        )
        shown = F.Activation(memory, act_type=self._activation, name=step + "activation0")
        output = F.elemwise_mul(let_out, shown, name=step + "out")
        return output, [output, memory]


class GRUCell(_GatedCell):
    """Gated recurrent unit (arXiv:1406.1078), with the reset gate after the product.

    Args:
        hidden_size (int): Size of the state.
        i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer,
            h2h_bias_initializer (Initializer or str): Initializers.
        input_size (int): Size of the input; 0 to find out in the first forward pass.
        prefix (str): See `Block`.
        params (ParameterDict): See `Block`.
    """

    _gates = 3

    def _alias(self):
        return "gru"

    def hybrid_forward(self, F, inputs, states, i2h_weight, h2h_weight, i2h_bias, h2h_bias):
        step, before = self._step(), states[0]
        parameters = i2h_weight, h2h_weight, i2h_bias, h2h_bias
        i2h, h2h = self._project(F, inputs, before, parameters, step)
        i2h_reset, i2h_update, i2h_new = F.SliceChannel(i2h, num_outputs=3, name=step + "i2h_slice")
        h2h_reset, h2h_update, h2h_new = F.SliceChannel(h2h, num_outputs=3, name=step + "h2h_slice")
        reset = F.Activation(
            F.elemwise_add(i2h_reset, h2h_reset, name=step + "plus0"),
            act_type="sigmoid",
            name=step + "r_act",
        )
        update = F.Activation(
            F.elemwise_add(i2h_update, h2h_update, name=step + "plus1"),
            act_type="sigmoid",
            name=step + "z_act",
        )
        new = F.Activation(
            F.elemwise_add(
                i2h_new, F.elemwise_mul(reset, h2h_new, name=step + "mul0"), name=step + "plus2"
            ),
            act_type="tanh",
            name=step + "h_act",
        )
        ones = F.ones_like(update, name=step + "ones_like0")
        output = F.elemwise_add(
            F.elemwise_mul(
                F.elemwise_sub(ones, update, name=step + "minus0"), new, name=step + "mul1"
            ),
            F.elemwise_mul(update, before, name=step + "mul20"),
            name=step + "out",
        )
        return output, [output]
