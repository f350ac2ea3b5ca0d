"""Recurrent layers over whole sequences, as one operator."""

import re

from ... import error, symbol
from ... import ndarray as nd
from ..._numpy_mode import of_mode
from ..block import HybridBlock
from . import rnn_cell, sequences
from .modifiers import BidirectionalCell, DropoutCell
from .sequential import HybridSequentialRNNCell

__all__ = ["RNN", "LSTM", "GRU"]

_GATES = {"rnn_relu": 1, "rnn_tanh": 1, "lstm": 4, "gru": 3}
_CELLS = {
    "rnn_relu": (rnn_cell.RNNCell, {"activation": "relu"}),
    "rnn_tanh": (rnn_cell.RNNCell, {"activation": "tanh"}),
    "lstm": (rnn_cell.LSTMCell, {}),
    "gru": (rnn_cell.GRUCell, {}),
}
_PARAMETER = re.compile(r"([lr])(\d+)_(.*)")


class _OwnStates(list):
    """States that the layer made, so that nobody waits for the last ones."""


class _RNNLayer(HybridBlock):
    """What the layers share; `mode` names the cell of the operator `RNN`."""

    def __init__(
        self,
        mode,
        hidden_size,
        num_layers,
        layout,
        dropout,
        bidirectional,
        input_size,
        initializers,
        dtype,
        projection_size=None,
        state_clip=(None, None, False),
        use_sequence_length=False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if layout not in ("TNC", "NTC"):
            raise error.AssertionError(
                f"{type(self).__name__}: layout={layout!r} is unknown; expected 'TNC' or 'NTC'"
            )
        if projection_size is not None and mode != "lstm":
            raise error.TypeError(
                f"{type(self).__name__}: projection_size={projection_size} is not for this kind of "
                "cell; expected None, or an LSTM"
            )
        self._mode = mode
        self._hidden_size = hidden_size
        self._num_layers = num_layers
        self._layout = layout
        self._dropout = dropout
        self._dir = 2 if bidirectional else 1
        self._input_size = input_size
        self._projection_size = projection_size
        self._state_clip = state_clip
        self._use_sequence_length = use_sequence_length
        self._dtype = dtype
        self._initializers = initializers
        for name, shape in self._shapes(input_size):
            self._register(name, shape)

    @property
    def _output_size(self):
        return self._projection_size or self._hidden_size

    def _shapes(self, input_size):
        """Names and shapes of the parameters, layer by layer and direction by direction."""
        rows, out = _GATES[self._mode] * self._hidden_size, self._output_size
        for layer in range(self._num_layers):
            width = input_size if layer == 0 else out * self._dir
            for side in "lr"[: self._dir]:
                yield f"{side}{layer}_i2h_weight", (rows, width)
                yield f"{side}{layer}_h2h_weight", (rows, out)
                yield f"{side}{layer}_i2h_bias", (rows,)
                yield f"{side}{layer}_h2h_bias", (rows,)
                if self._projection_size:
                    yield f"{side}{layer}_h2r_weight", (out, self._hidden_size)

    def _register(self, name, shape):
        parameter = self.params.get(
            name,
            shape=shape,
            init=self._initializers[name.partition("_")[2]],
            allow_deferred_init=True,
            dtype=self._dtype,
        )
        setattr(self, name, parameter)

    def _place(self, name):
        """Where files have the parameter: in cells one on top of the other, as 1.9.1 writes it."""
        side, layer, parameter = _PARAMETER.fullmatch(name).groups()
        cell = f"{side}_cell." if self._dir == 2 else ""
        return f"_unfused.{layer}.{cell}{parameter}"

    def _collect_params_with_prefix(self, prefix=""):
        if prefix:
            prefix += "."
        return {prefix + self._place(name): each for name, each in self._reg_params.items()}

    def _unfuse(self):
        """Cells that share the parameters of the layer (HybridSequentialRNNCell).

        Raises:
            AssertionError: The layer projects its outputs or clips its states.
        """
        if self._projection_size or self._state_clip[:2] != (None, None):
            raise error.AssertionError(
                f"{self.name}._unfuse: the layer has projection_size={self._projection_size} and "
                f"limits {self._state_clip[:2]} of its states; expected None, which cells have"
            )
        make, options = _CELLS[self._mode]
        stack = HybridSequentialRNNCell(prefix=self.prefix, params=self.params)
        with stack.name_scope():
            width = self._input_size
            for layer in range(self._num_layers):
                if layer and self._dropout > 0:
                    stack.add(DropoutCell(self._dropout))
                sides = [
                    make(
                        self._hidden_size,
                        input_size=width,
                        prefix=f"{side}{layer}_",
                        params=None,
                        **{f"{n}_initializer": i for n, i in self._initializers.items() if i},
                        **options,
                    )
                    for side in "lr"[: self._dir]
                ]
                stack.add(BidirectionalCell(*sides) if self._dir == 2 else sides[0])
                width = self._hidden_size * self._dir
        return stack

    def __repr__(self):
        known = dict(self._shapes(self._input_size))
        width = self.l0_i2h_weight.shape[1] if "l0_i2h_weight" in known else 0
        text = f"{width or None} -> {self._hidden_size}, {self._layout}"
        if self._num_layers != 1:
            text += f", num_layers={self._num_layers}"
        if self._dropout != 0:
            text += f", dropout={self._dropout}"
        if self._dir == 2:
            text += ", bidirectional"
        return f"{type(self).__name__}({text})"

    def infer_shape(self, inputs, *args):
        """Tell the parameters their shapes, which follow from the last axis of the inputs."""
        if inputs.ndim != 3:
            raise error.ValueError(
                f"{self.name}: the inputs have shape {inputs.shape}; expected three axes, "
                f"{self._layout}"
            )
        for name, shape in self._shapes(inputs.shape[2]):
            getattr(self, name).shape = shape

    def cast(self, dtype):
        """Turn the parameters, and states that are made from now on, into another type."""
        super().cast(dtype)
        self._dtype = dtype

    def state_info(self, batch_size=0):
        """Shape and layout of each state (list of dict)."""
        rows = self._num_layers * self._dir
        sizes = [self._output_size] + [self._hidden_size] * (self._mode == "lstm")
        return [
            {"shape": (rows, batch_size, size), "__layout__": "LNC", "dtype": self._dtype}
            for size in sizes
        ]

    def begin_state(self, batch_size=0, func=nd.zeros, **kwargs):
        """The states before the first step.

        Args:
            batch_size (int): How many sequences there are.
            func (function): Makes each, as `mx.nd.zeros` does.
            **kwargs: Further arguments of `func`.

        Returns:
            list of NDArray or Symbol: The states, of shape (layers * directions, N, size).
        """
        of_symbols = getattr(func, "__module__", "").startswith("mxnet.symbol")
        states = []
        for number, info in enumerate(self.state_info(batch_size)):
            arguments = {**info, **kwargs}
            if not of_symbols:  # arrays have no attributes
                arguments.pop("__layout__")
            states.append(of_mode(func(name=f"{self.prefix}h0_{number}", **arguments)))
        return states

    def __call__(self, inputs, states=None, sequence_length=None, **kwargs):
        """Take all steps.

        Args:
            inputs (NDArray or Symbol): Of shape (T, N, C), or (N, T, C) with the layout 'NTC'.
            states (NDArray, Symbol or list): What to begin with; zeros if None.
            sequence_length (NDArray or Symbol): Steps of each sequence, of shape (N,), where the
                layer was made with use_sequence_length=True.

        Returns:
            NDArray or Symbol: The outputs; with `states`, a tuple of them and the last states.
        """
        if states is None:
            states = _OwnStates(self._first_states(inputs, kwargs))
        elif not isinstance(states, (list, tuple)):
            states = [states]
        args = (inputs, states)
        if self._use_sequence_length:
            args += (sequence_length,)
        return super().__call__(*args)

    def forward(self, inputs, states, *args):
        """Run on arrays, or build a symbol of symbols; see `__call__`."""
        outputs, last = super().forward(inputs, list(states), *args)
        return outputs if isinstance(states, _OwnStates) else (outputs, last)

    def _first_states(self, inputs, kwargs):
        if not isinstance(inputs, nd.NDArray):
            return self.begin_state(sequences.unknown_size(), func=symbol.zeros, **kwargs)
        count = inputs.shape[self._layout.find("N")]
        return self.begin_state(count, ctx=inputs.context, dtype=inputs.dtype, **kwargs)

    def _check_states(self, inputs, states):
        count = 2 if self._mode == "lstm" else 1
        if len(states) != count:
            raise error.ValueError(
                f"{self.name}: there are {len(states)} states; expected {count}, as begin_state() "
                "makes"
            )
        if not isinstance(inputs, nd.NDArray):
            return
        for state, info in zip(states, self.state_info(inputs.shape[self._layout.find("N")])):
            if state.shape != info["shape"]:
                raise error.ValueError(
                    f"{self.name}: a state has shape {state.shape}; expected {info['shape']}"
                )

    def hybrid_forward(self, F, inputs, states, sequence_length=None, **parameters):
        """The outputs and the last states."""
        self._check_states(inputs, states)
        if self._layout == "NTC":
            inputs = F.swapaxes(inputs, dim1=0, dim2=1)
        names = [name for name, _ in self._shapes(0)]
        matrices = [name for name in names if not name.endswith("_bias")]
        # The operator wants all matrices before all biases; projections come behind h2h there.
        flat = [
            F.reshape(parameters[name], shape=(-1,))
            for name in matrices + [name for name in names if name.endswith("_bias")]
        ]
        low, high, keeps_nan = self._state_clip
        options = {} if low is None else {"lstm_state_clip_min": low, "lstm_state_clip_max": high}
        if self._use_sequence_length:
            options.update(sequence_length=sequence_length, use_sequence_length=True)
        if self._mode == "lstm":
            options["state_cell"] = states[1]
        out = F.RNN(
            inputs,
            F.concat(*flat, dim=0),
            states[0],
            state_size=self._hidden_size,
            projection_size=self._projection_size,
            num_layers=self._num_layers,
            bidirectional=self._dir == 2,
            p=self._dropout,
            state_outputs=True,
            mode=self._mode,
            lstm_state_clip_nan=keeps_nan,
            **options,
        )
        outputs = F.swapaxes(out[0], dim1=0, dim2=1) if self._layout == "NTC" else out[0]
        return outputs, [out[number + 1] for number in range(len(states))]


def _initializers(i2h_weight, h2h_weight, i2h_bias, h2h_bias, h2r_weight=None):
    return {
        "i2h_weight": i2h_weight,
        "h2h_weight": h2h_weight,
        "i2h_bias": i2h_bias,
        "h2h_bias": h2h_bias,
        "h2r_weight": h2r_weight,
    }


class RNN(_RNNLayer):
    """Layers of plain cells: ``h = act(W_i x + b_i + W_h h + b_h)``.

    Args:
        hidden_size (int): Size of the state of a layer and direction.
        num_layers (int): Number of layers.
        activation (str): 'relu' or 'tanh'.
        layout (str): Axes of inputs and outputs: 'TNC' or 'NTC'.
        dropout (float): Share of what goes from layer to layer that is dropped in training.
        bidirectional (bool): Whether each layer also goes backwards.
        i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer
            (str or Initializer): For the parameters of inputs and states.
        input_size (int): Size of the inputs; 0 to learn it from them.
        dtype (str): Of parameters and states.
        **kwargs: `prefix`, `params`, `use_sequence_length`.
    """

    def __init__(
        self,
        hidden_size,
        num_layers=1,
        activation="relu",
        layout="TNC",
        dropout=0,
        bidirectional=False,
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        input_size=0,
        dtype="float32",
        **kwargs,
    ):
        initializers = _initializers(
            i2h_weight_initializer,
            h2h_weight_initializer,
            i2h_bias_initializer,
            h2h_bias_initializer,
        )
        super().__init__(
            f"rnn_{activation}",
            hidden_size,
            num_layers,
            layout,
            dropout,
            bidirectional,
            input_size,
            initializers,
            dtype,
            **kwargs,
        )


class LSTM(_RNNLayer):
    """Layers of long short-term memory cells (Hochreiter and Schmidhuber, 1997).

    Args:
        hidden_size, num_layers, layout, dropout, bidirectional, input_size, dtype: See `RNN`.
        i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer:
            See `RNN`.
        projection_size (int): Size to which outputs are projected; None for no projection.
        h2r_weight_initializer (str or Initializer): For the projection.
        state_clip_min, state_clip_max (float): Limits of the cells; None for none.
        state_clip_nan (bool): Whether clipping keeps NaN.
        **kwargs: `prefix`, `params`, `use_sequence_length`.
    """

    def __init__(
        self,
        hidden_size,
        num_layers=1,
        layout="TNC",
        dropout=0,
        bidirectional=False,
        input_size=0,
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        projection_size=None,
        h2r_weight_initializer=None,
        state_clip_min=None,
        state_clip_max=None,
        state_clip_nan=False,
        dtype="float32",
        **kwargs,
    ):
        initializers = _initializers(
            i2h_weight_initializer,
            h2h_weight_initializer,
            i2h_bias_initializer,
            h2h_bias_initializer,
            h2r_weight_initializer,
        )
        super().__init__(
            "lstm",
            hidden_size,
            num_layers,
            layout,
            dropout,
            bidirectional,
            input_size,
            initializers,
            dtype,
            projection_size,
            (state_clip_min, state_clip_max, state_clip_nan),
            **kwargs,
        )


class GRU(_RNNLayer):
    """Layers of gated recurrent units (Cho et al., 2014, with the reset gate behind the product).

    Args:
        hidden_size, num_layers, layout, dropout, bidirectional, input_size, dtype: See `RNN`.
        i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer:
            See `RNN`.
        **kwargs: `prefix`, `params`, `use_sequence_length`.
    """

    def __init__(
        self,
        hidden_size,
        num_layers=1,
        layout="TNC",
        dropout=0,
        bidirectional=False,
        input_size=0,
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        dtype="float32",
        **kwargs,
    ):
        initializers = _initializers(
            i2h_weight_initializer,
            h2h_weight_initializer,
            i2h_bias_initializer,
            h2h_bias_initializer,
        )
        super().__init__(
            "gru",
            hidden_size,
            num_layers,
            layout,
            dropout,
            bidirectional,
            input_size,
            initializers,
            dtype,
            **kwargs,
        )
