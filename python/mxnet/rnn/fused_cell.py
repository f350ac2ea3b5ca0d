"""All layers of a recurrent network as one operator."""

import warnings

from .. import error, initializer, symbol
from .. import ndarray as nd
from .._fused_rnn import GATES, FusedWeights
from .base_cell import BaseRNNCell, arranged, as_one, time_axis
from .cells import GRUCell, LSTMCell, RNNCell
from .combined_cells import BidirectionalCell, SequentialRNNCell
from .modifier_cells import DropoutCell

__all__ = ["FusedRNNCell"]


class FusedRNNCell(BaseRNNCell):
    """Layers of cells as the operator `RNN`. It can only be unrolled; `unfuse` gives the same
    network as single cells.

    Args:
        num_hidden (int): Size of the output of a layer and direction.
        num_layers (int): Number of layers.
        mode (str): "rnn_relu", "rnn_tanh", "lstm" or "gru".
        bidirectional (bool): Whether each layer also goes backwards.
        dropout (float): Probability of dropout between layers.
        get_next_state (bool): Whether `unroll` gives the states after the last step.
        forget_bias (float): What the bias of the forget gate of "lstm" starts from.
        prefix (str): Comes before names; the mode if not given.
        params (RNNParams): Parameters to share.

    Raises:
        ValueError: The mode is unknown.
    """

    _has_steps = False

    def __init__(
        self,
        num_hidden,
        num_layers=1,
        mode="lstm",
        bidirectional=False,
        dropout=0.0,
        get_next_state=False,
        forget_bias=1.0,
        prefix=None,
        params=None,
    ):
        if mode not in GATES:
            raise error.ValueError(
                f"FusedRNNCell: mode={mode!r} is unknown; one of {', '.join(GATES)} is expected"
            )
        super().__init__(prefix=f"{mode}_" if prefix is None else prefix, params=params)
        self._num_hidden = num_hidden
        self._num_layers = num_layers
        self._mode = mode
        self._bidirectional = bidirectional
        self._dropout = dropout
        self._get_next_state = get_next_state
        self._forget_bias = forget_bias
        self._weights = FusedWeights(
            num_hidden, num_layers, mode, bidirectional, prefix=self._prefix
        )
        init = initializer.FusedRNN(None, num_hidden, num_layers, mode, bidirectional, forget_bias)
        self._parameter = self._params.get("parameters", init=init)

    @property
    def state_info(self):
        """Shape and layout of each state, a list of dicts."""
        shape = (len(self._weights.directions) * self._num_layers, 0, self._num_hidden)
        return [{"shape": shape, "__layout__": "LNC"}] * (2 if self._mode == "lstm" else 1)

    @property
    def _gate_names(self):
        return self._weights.gates

    @property
    def _num_gates(self):
        return len(self._gate_names)

    def unpack_weights(self, args):
        """Weights of each gate from the array of parameters; see `BaseRNNCell.unpack_weights`."""
        args = dict(args)
        array = args.pop(self._parameter.name)
        args.update((name, part.copy()) for name, part in self._weights.parts(array))
        return args

    def pack_weights(self, args):
        """The array of parameters from the weights of the gates; undoes `unpack_weights`."""
        args = dict(args)
        first = args[f"{self._prefix}l0_i2h{self._gate_names[0]}_weight"]
        names = [name for name, _ in self._weights.shapes(first.shape[1])]
        args[self._parameter.name] = nd.concat(
            *[args.pop(name).reshape((-1,)) for name in names], dim=0
        )
        return args

    # The graph

    def __call__(self, inputs, states):
        raise error.NotImplementedError(
            "FusedRNNCell: it needs all steps; unroll() is expected in place of a call"
        )

    def unroll(self, length, inputs, begin_state=None, layout="NTC", merge_outputs=None):
        """The graph of all steps; see `BaseRNNCell.unroll`."""
        self.reset()
        inputs = as_one(inputs, layout)
        time_first = time_axis(layout) == 0
        if not time_first:
            warnings.warn(
                f"FusedRNNCell.unroll: layout={layout!r} is transposed; TNC is faster", stacklevel=2
            )
            inputs = symbol.swapaxes(inputs, dim1=0, dim2=1)
        states = self.begin_state() if begin_state is None else begin_state
        rnn = symbol.RNN(
            inputs,
            self._parameter,
            *states,
            state_size=self._num_hidden,
            num_layers=self._num_layers,
            bidirectional=self._bidirectional,
            p=self._dropout,
            state_outputs=self._get_next_state,
            mode=self._mode,
            name=f"{self._prefix}rnn",
        )
        outputs, states = rnn, []
        if self._get_next_state:
            outputs, states = rnn[0], [rnn[i + 1] for i in range(len(states))]
            for state in states:
                state._set_attr(__layout__="LNC")
        if not time_first:
            outputs = symbol.swapaxes(outputs, dim1=0, dim2=1)
        return arranged(length, outputs, layout, merge_outputs), states

    def _cell(self, prefix):
        """One layer in one direction as a cell."""
        if self._mode == "lstm":
            return LSTMCell(self._num_hidden, prefix=prefix, forget_bias=self._forget_bias)
        if self._mode == "gru":
            return GRUCell(self._num_hidden, prefix=prefix)
        activation = self._mode.partition("_")[2]
        return RNNCell(self._num_hidden, activation=activation, prefix=prefix)

    def unfuse(self):
        """The same network as single cells, which take `unpack_weights` packed by themselves.

        Returns:
            SequentialRNNCell: The cells.
        """
        stack = SequentialRNNCell()
        for layer in range(self._num_layers):
            cells = [
                self._cell(f"{self._prefix}{side}{layer}_") for side in self._weights.directions
            ]
            if self._bidirectional:
                stack.add(BidirectionalCell(*cells, output_prefix=f"{self._prefix}bi_l{layer}_"))
            else:
                stack.add(cells[0])
            if self._dropout > 0 and layer != self._num_layers - 1:
                stack.add(DropoutCell(self._dropout, prefix=f"{self._prefix}_dropout{layer}_"))
        return stack
