"""Cells of convolutions, for sequences of pictures."""

from functools import partial

from .. import error, symbol
from .base_cell import BaseRNNCell
from .steps import gru_step, lstm_step

__all__ = ["BaseConvRNNCell", "ConvRNNCell", "ConvLSTMCell", "ConvGRUCell"]

_leaky = partial(symbol.LeakyReLU, act_type="leaky", slope=0.2)


class BaseConvRNNCell(BaseRNNCell):
    """Base of the cells whose input and state go through a convolution each.

    Args:
        input_shape (tuple of int): Shape of an input, with the batch.
        num_hidden (int): Number of filters of the output.
        h2h_kernel (tuple of int): Kernel for the state; odd, as the state keeps its size.
        h2h_dilate (tuple of int): Its dilation.
        i2h_kernel, i2h_stride, i2h_pad, i2h_dilate (tuple of int): Convolution of the input.
        i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer,
            h2h_bias_initializer (str or Initializer): What the parameters start from.
        activation (str or function): The activation.
        prefix (str): Comes before names.
        params (RNNParams): Parameters to share.
        conv_layout (str): "NCHW" or "NHWC".

    Raises:
        ValueError: The kernel of the state is even.
    """

    _num_states = 1

    def __init__(
        self,
        input_shape,
        num_hidden,
        h2h_kernel,
        h2h_dilate,
        i2h_kernel,
        i2h_stride,
        i2h_pad,
        i2h_dilate,
        i2h_weight_initializer,
        h2h_weight_initializer,
        i2h_bias_initializer,
        h2h_bias_initializer,
        activation,
        prefix="",
        params=None,
        conv_layout="NCHW",
    ):
        super().__init__(prefix=prefix, params=params)
        if not all(size % 2 for size in h2h_kernel):
            raise error.ValueError(
                f"{type(self).__name__}: h2h_kernel={tuple(h2h_kernel)} is even; odd sizes are "
                "expected, as the state keeps its size"
            )
        self._num_hidden = num_hidden
        self._activation = activation
        self._conv_layout = conv_layout
        self._i2h = {
            "kernel": i2h_kernel,
            "stride": i2h_stride,
            "pad": i2h_pad,
            "dilate": i2h_dilate,
            "layout": conv_layout,
        }
        self._h2h = {
            "kernel": h2h_kernel,
            "stride": (1,) * len(h2h_kernel),
            "pad": tuple(d * (k - 1) // 2 for d, k in zip(h2h_dilate, h2h_kernel)),
            "dilate": h2h_dilate,
            "layout": conv_layout,
        }
        self._iW = self._params.get("i2h_weight", init=i2h_weight_initializer)
        self._hW = self._params.get("h2h_weight", init=h2h_weight_initializer)
        self._iB = self._params.get("i2h_bias", init=i2h_bias_initializer)
        self._hB = self._params.get("h2h_bias", init=h2h_bias_initializer)
        data = symbol.Convolution(symbol.Variable("data"), num_filter=num_hidden, **self._i2h)
        self._state_shape = (0, *data.infer_shape(data=input_shape)[1][0][1:])

    @property
    def state_info(self):
        """Shape and layout of each state, a list of dicts."""
        info = {"shape": self._state_shape, "__layout__": self._conv_layout}
        return [info] * self._num_states

    def _products(self, inputs, state, name):
        """The convolutions of input and state."""
        filters = self._num_hidden * len(self._gate_names)
        return (
            symbol.Convolution(
                inputs, self._iW, self._iB, num_filter=filters, name=f"{name}i2h", **self._i2h
            ),
            symbol.Convolution(
                state, self._hW, self._hB, num_filter=filters, name=f"{name}h2h", **self._h2h
            ),
        )

    def _act(self, inputs, **kwargs):
        return self._get_activation(inputs, self._activation, **kwargs)


class _Conv2DCell(BaseConvRNNCell):
    """A `BaseConvRNNCell` with the defaults for pictures."""

    def __init__(
        self,
        input_shape,
        num_hidden,
        h2h_kernel=(3, 3),
        h2h_dilate=(1, 1),
        i2h_kernel=(3, 3),
        i2h_stride=(1, 1),
        i2h_pad=(1, 1),
        i2h_dilate=(1, 1),
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        activation=_leaky,
        prefix=None,
        params=None,
        conv_layout="NCHW",
    ):
        super().__init__(
            input_shape=input_shape,
            num_hidden=num_hidden,
            h2h_kernel=h2h_kernel,
            h2h_dilate=h2h_dilate,
            i2h_kernel=i2h_kernel,
            i2h_stride=i2h_stride,
            i2h_pad=i2h_pad,
            i2h_dilate=i2h_dilate,
            i2h_weight_initializer=i2h_weight_initializer,
            h2h_weight_initializer=h2h_weight_initializer,
            i2h_bias_initializer=i2h_bias_initializer,
            h2h_bias_initializer=h2h_bias_initializer,
            activation=activation,
            prefix=self._default_prefix if prefix is None else prefix,
            params=params,
            conv_layout=conv_layout,
        )


class ConvRNNCell(_Conv2DCell):
    """The plain cell with convolutions; see `BaseConvRNNCell` for the arguments."""

    _default_prefix = "ConvRNN_"

    @property
    def _gate_names(self):
        return ("",)

    def __call__(self, inputs, states):
        name = self._step_name()
        i2h, h2h = self._products(inputs, states[0], name)
        output = self._act(i2h + h2h, name=f"{name}out")
        return output, [output]


class ConvLSTMCell(_Conv2DCell):
    """Long short-term memory with convolutions; see `BaseConvRNNCell` for the arguments."""

    _default_prefix = "ConvLSTM_"
    _num_states = 2

    @property
    def _gate_names(self):
        return ["_i", "_f", "_c", "_o"]

    def __call__(self, inputs, states):
        name = self._step_name()
        i2h, h2h = self._products(inputs, states[0], name)
        axis = self._conv_layout.index("C")
        gates = symbol.SliceChannel(i2h + h2h, num_outputs=4, axis=axis, name=f"{name}slice")
        return lstm_step(gates, states[1], self._act, name)


class ConvGRUCell(_Conv2DCell):
    """Gated recurrent unit with convolutions; see `BaseConvRNNCell` for the arguments."""

    _default_prefix = "ConvGRU_"

    @property
    def _gate_names(self):
        return ["_r", "_z", "_o"]

    def __call__(self, inputs, states):
        name = self._step_name()
        i2h, h2h = self._products(inputs, states[0], name)
        axis = self._conv_layout.index("C")
        # The axis is written where it is not the operator's own.
        options = {"num_outputs": 3} if axis == 1 else {"num_outputs": 3, "axis": axis}
        i2h = symbol.SliceChannel(i2h, name=f"{name}_i2h_slice", **options)
        h2h = symbol.SliceChannel(h2h, name=f"{name}_h2h_slice", **options)
        return gru_step(i2h, h2h, states[0], self._act, name)
