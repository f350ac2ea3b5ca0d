"""Recurrent cells whose products are convolutions (arXiv:1506.04214)."""

from .... import error
from ...nn.conv_layers import as_tuple
from ...rnn import HybridRecurrentCell
from ...rnn.rnn_cell import activate

__all__ = [
    "Conv1DRNNCell",
    "Conv2DRNNCell",
    "Conv3DRNNCell",
    "Conv1DLSTMCell",
    "Conv2DLSTMCell",
    "Conv3DLSTMCell",
    "Conv1DGRUCell",
    "Conv2DGRUCell",
    "Conv3DGRUCell",
]


class _ConvCell(HybridRecurrentCell):
    """Base of the cells: two convolutions, of the input and of the state, for all gates.

    Args:
        input_shape (tuple of int): Shape of one input, without the batch.
        hidden_channels (int): Channels of the states.
        i2h_kernel (int or tuple of int): Window over inputs.
        h2h_kernel (int or tuple of int): Window over states; odd numbers.
        i2h_pad (int or tuple of int): Zeros around inputs.
        i2h_dilate (int or tuple of int): Distance of elements in the window over inputs.
        h2h_dilate (int or tuple of int): The same for states.
        i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer,
            h2h_bias_initializer (Initializer or str): Initializers.
        conv_layout (str): Axes of inputs and states.
        activation (str): Activation of inputs and outputs.
        prefix (str): See `Block`.
        params (ParameterDict): See `Block`.
    """

    _gates = 1
    _states = 1
    _layout = None  # of the subclass

    def __init__(
        self,
        input_shape,
        hidden_channels,
        i2h_kernel,
        h2h_kernel,
        i2h_pad=0,
        i2h_dilate=1,
        h2h_dilate=1,
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        conv_layout=None,
        activation="tanh",
        prefix=None,
        params=None,
    ):
        super().__init__(prefix=prefix, params=params)
        self._conv_layout = conv_layout or self._layout
        self._hidden_channels = hidden_channels
        self._input_shape = tuple(input_shape)
        self._activation = activation
        self._set_windows(i2h_kernel, h2h_kernel, i2h_pad, i2h_dilate, h2h_dilate)
        rows, place = self._gates * hidden_channels, self._conv_layout.find("C") - 1
        self._in_channels = self._input_shape[place]
        for name, shape, init in (
            ("i2h_weight", self._weight_shape("i2h", self._in_channels), i2h_weight_initializer),
            ("h2h_weight", self._weight_shape("h2h", hidden_channels), h2h_weight_initializer),
            ("i2h_bias", (rows,), i2h_bias_initializer),
            ("h2h_bias", (rows,), h2h_bias_initializer),
        ):
            parameter = self.params.get(name, shape=shape, init=init, allow_deferred_init=True)
            setattr(self, name, parameter)

    def _set_windows(self, i2h_kernel, h2h_kernel, i2h_pad, i2h_dilate, h2h_dilate):
        """Options of both convolutions; that of states keeps their size."""
        owner, count = type(self).__name__, len(self._conv_layout) - 2
        h2h_kernel = as_tuple(h2h_kernel, count, owner, "h2h_kernel")
        h2h_dilate = as_tuple(h2h_dilate, count, owner, "h2h_dilate")
        if any(size % 2 == 0 for size in h2h_kernel):
            raise error.AssertionError(
                f"{owner}: h2h_kernel={h2h_kernel} has an even number; expected odd ones, which "
                "keep the size of states"
            )
        pad = tuple(step * (size - 1) // 2 for size, step in zip(h2h_kernel, h2h_dilate))
        self._windows = {
            "i2h": {
                "kernel": as_tuple(i2h_kernel, count, owner, "i2h_kernel"),
                "pad": as_tuple(i2h_pad, count, owner, "i2h_pad"),
                "dilate": as_tuple(i2h_dilate, count, owner, "i2h_dilate"),
            },
            "h2h": {"kernel": h2h_kernel, "pad": pad, "dilate": h2h_dilate},
        }

    def _weight_shape(self, which, channels):
        rows, kernel = self._gates * self._hidden_channels, self._windows[which]["kernel"]
        if self._conv_layout.endswith("C"):
            return (rows, *kernel, channels)
        return (rows, channels, *kernel)

    def _state_shape(self):
        """Shape of a state, without the batch."""
        window, channels_last = self._windows["i2h"], self._conv_layout.endswith("C")
        sizes = self._input_shape[:-1] if channels_last else self._input_shape[1:]
        sizes = tuple(
            size + 2 * pad - dilate * (kernel - 1)
            for size, pad, dilate, kernel in zip(
                sizes, window["pad"], window["dilate"], window["kernel"]
            )
        )
        return (*sizes, self._hidden_channels) if channels_last else (self._hidden_channels, *sizes)

    def state_info(self, batch_size=0):
        return [
            {"shape": (batch_size, *self._state_shape()), "__layout__": self._conv_layout}
            for _ in range(self._states)
        ]

    def __repr__(self):
        rows = self._gates * self._hidden_channels
        return (
            f"{type(self).__name__}({self._in_channels} -> {rows}, {self._activation}, "
            f"{self._conv_layout})"
        )

    def _convolve(self, F, which, x, weight, bias):
        return F.Convolution(
            x,
            weight,
            bias,
            num_filter=self._gates * self._hidden_channels,
            layout=self._conv_layout,
            name=f"t{self._counter}_{which}",
            **self._windows[which],
        )

    def hybrid_forward(self, F, inputs, states, i2h_weight, h2h_weight, i2h_bias, h2h_bias):
        i2h = self._convolve(F, "i2h", inputs, i2h_weight, i2h_bias)
        h2h = self._convolve(F, "h2h", states[0], h2h_weight, h2h_bias)
        return self._step(F, f"t{self._counter}_", i2h, h2h, states)

    def _channels(self):
        return self._conv_layout.find("C")


class _ConvRNNCell(_ConvCell):
    def _alias(self):
        return "conv_rnn"

    def _step(self, F, step, i2h, h2h, states):
        output = activate(F, F._internal._Plus(i2h, h2h), self._activation, name=step + "out")
        return output, [output]


class _ConvLSTMCell(_ConvCell):
    _gates = 4
    _states = 2

    def _alias(self):
        return "conv_lstm"

    def _step(self, F, step, i2h, h2h, states):
        total = F._internal._Plus(i2h, h2h)
        gates = F.SliceChannel(total, num_outputs=4, axis=self._channels(), name=step + "slice")
        let_in = F.Activation(gates[0], act_type="sigmoid", name=step + "i")
        keep = F.Activation(gates[1], act_type="sigmoid", name=step + "f")
        new = activate(F, gates[2], self._activation, name=step + "c")
        let_out = F.Activation(gates[3], act_type="sigmoid", name=step + "o")
        memory = F.elemwise_add(
            F._internal._Mul(keep, states[1]), let_in * new, name=step + "state"
        )
        shown = activate(F, memory, self._activation)
        output = F.elemwise_mul(let_out, shown, name=step + "out")
        return output, [output, memory]


class _ConvGRUCell(_ConvCell):
    _gates = 3

    def _alias(self):
        return "conv_gru"

    def _step(self, F, step, i2h, h2h, states):
        axis = self._channels()
        i2h_reset, i2h_update, i2h_new = F.SliceChannel(
            i2h, num_outputs=3, axis=axis, name=step + "i2h_slice"
        )
        h2h_reset, h2h_update, h2h_new = F.SliceChannel(
            h2h, num_outputs=3, axis=axis, name=step + "h2h_slice"
        )
        reset = F.Activation(i2h_reset + h2h_reset, act_type="sigmoid", name=step + "r_act")
        update = F.Activation(i2h_update + h2h_update, act_type="sigmoid", name=step + "z_act")
        new = activate(F, i2h_new + reset * h2h_new, self._activation, name=step + "h_act")
        output = F.elemwise_add(
            (1.0 - update) * new, F._internal._Mul(update, states[0]), name=step + "out"
        )
        return output, [output]


class Conv1DRNNCell(_ConvRNNCell):
    """An Elman cell with convolutions over width; see `_ConvCell` for the arguments."""

    _layout = "NCW"


class Conv2DRNNCell(_ConvRNNCell):
    """An Elman cell with convolutions over height and width; see `_ConvCell` for the arguments."""

    _layout = "NCHW"


class Conv3DRNNCell(_ConvRNNCell):
    """An Elman cell with convolutions over three axes; see `_ConvCell` for the arguments."""

    _layout = "NCDHW"


class Conv1DLSTMCell(_ConvLSTMCell):
    """An LSTM cell with convolutions over width; see `_ConvCell` for the arguments."""

    _layout = "NCW"


class Conv2DLSTMCell(_ConvLSTMCell):
    """An LSTM cell with convolutions over height and width; see `_ConvCell` for the arguments."""

    _layout = "NCHW"


class Conv3DLSTMCell(_ConvLSTMCell):
    """An LSTM cell with convolutions over three axes; see `_ConvCell` for the arguments."""

    _layout = "NCDHW"


class Conv1DGRUCell(_ConvGRUCell):
    """A GRU cell with convolutions over width; see `_ConvCell` for the arguments."""

    _layout = "NCW"


class Conv2DGRUCell(_ConvGRUCell):
    """A GRU cell with convolutions over height and width; see `_ConvCell` for the arguments."""

    _layout = "NCHW"


class Conv3DGRUCell(_ConvGRUCell):
    """A GRU cell with convolutions over three axes; see `_ConvCell` for the arguments."""

    _layout = "NCDHW"
