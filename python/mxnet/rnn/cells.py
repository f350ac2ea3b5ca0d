"""Cells of fully connected layers."""

from functools import partial

from .. import initializer, symbol
from .base_cell import BaseRNNCell
from .steps import gru_step, lstm_step

__all__ = ["RNNCell", "LSTMCell", "GRUCell"]

_tanh = partial(symbol.Activation, act_type="tanh")


class _DenseCell(BaseRNNCell):
    """A cell whose input and state go through a fully connected layer each.

    Args:
        num_hidden (int): Size of the output.
        prefix (str): Comes before names.
        params (RNNParams): Parameters to share.
        bias_init (Initializer): Of the bias of the input's layer.
    """

    _num_states = 1

    def __init__(self, num_hidden, prefix, params, bias_init=None):
        super().__init__(prefix=prefix, params=params)
        self._num_hidden = num_hidden
        options = {} if bias_init is None else {"init": bias_init}
        self._iW, self._iB = self.params_of("i2h", **options)
        self._hW, self._hB = self.params_of("h2h")

    def params_of(self, group, **bias_options):
        """Weight and bias of `i2h` or `h2h`."""
        return (
            self._params.get(f"{group}_weight"),
            self._params.get(f"{group}_bias", **bias_options),
        )

    @property
    def state_info(self):
        """Shape and layout of each state, a list of dicts."""
        return [{"shape": (0, self._num_hidden), "__layout__": "NC"}] * self._num_states

    def _products(self, inputs, state, name):
        """The layers of input and state."""
        size = self._num_hidden * len(self._gate_names)
        return (
            symbol.FullyConnected(inputs, self._iW, self._iB, num_hidden=size, name=f"{name}i2h"),
            symbol.FullyConnected(state, self._hW, self._hB, num_hidden=size, name=f"{name}h2h"),
        )


class RNNCell(_DenseCell):
    """The plain cell: activation(W x + R h + b).

    Args:
        num_hidden (int): Size of the output.
        activation (str): Name of the activation.
        prefix (str): Comes before names.
        params (RNNParams): Parameters to share.
    """

    def __init__(self, num_hidden, activation="tanh", prefix="rnn_", params=None):
        super().__init__(num_hidden, prefix, params)
        self._activation = activation

    @property
    def _gate_names(self):
        return ("",)

    def __call__(self, inputs, states):
        name = self._step_name()
        i2h, h2h = self._products(inputs, states[0], name)
        output = self._get_activation(i2h + h2h, self._activation, name=f"{name}out")
        return output, [output]


class LSTMCell(_DenseCell):
    """Long short-term memory, with the states h and c.

    Args:
        num_hidden (int): Size of the output.
        prefix (str): Comes before names.
        params (RNNParams): Parameters to share.
        forget_bias (float): What the bias of the forget gate starts from.
    """

    _num_states = 2

    def __init__(self, num_hidden, prefix="lstm_", params=None, forget_bias=1.0):
        super().__init__(num_hidden, prefix, params, initializer.LSTMBias(forget_bias))

    @property
    def _gate_names(self):
        return ["_i", "_f", "_c", "_o"]

    def __call__(self, inputs, states):
        name = self._step_name()
        i2h, h2h = self._products(inputs, states[0], name)
        gates = symbol.SliceChannel(i2h + h2h, num_outputs=4, name=f"{name}slice")
        return lstm_step(gates, states[1], _tanh, name)


class GRUCell(_DenseCell):
    """Gated recurrent unit.

    Args:
        num_hidden (int): Size of the output.
        prefix (str): Comes before names.
        params (RNNParams): Parameters to share.
    """

    def __init__(self, num_hidden, prefix="gru_", params=None):
        super().__init__(num_hidden, prefix, params)

    @property
    def _gate_names(self):
        return ["_r", "_z", "_o"]

    def __call__(self, inputs, states):
        name = self._step_name()
        i2h, h2h = self._products(inputs, states[0], f"{name}_")
        i2h = symbol.SliceChannel(i2h, num_outputs=3, name=f"{name}_i2h_slice")
        h2h = symbol.SliceChannel(h2h, num_outputs=3, name=f"{name}_h2h_slice")
        return gru_step(i2h, h2h, states[0], _tanh, name)
