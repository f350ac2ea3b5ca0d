"""Where each weight lies in the one array of parameters of the operator RNN.

First all matrices, then all biases; in each, layer by layer and direction by direction, those of
the inputs before those of the states, gate by gate.
"""

from . import error

__all__ = ["GATES", "FusedWeights"]

GATES = {
    "rnn_relu": [""],
    "rnn_tanh": [""],
    "lstm": ["_i", "_f", "_c", "_o"],
    "gru": ["_r", "_z", "_o"],
}


class FusedWeights:
    """The weights of layers of cells.

    Args:
        num_hidden (int): Size of the output of a layer and direction.
        num_layers (int): Number of layers.
        mode (str): One of `GATES`.
        bidirectional (bool): Whether each layer also goes backwards.
        prefix (str): Comes before the names of weights.
    """

    def __init__(self, num_hidden, num_layers, mode, bidirectional=False, prefix=""):
        self.gates = GATES[mode]
        self.directions = ["l", "r"] if bidirectional else ["l"]
        self._num_hidden = num_hidden
        self._num_layers = num_layers
        self._prefix = prefix

    def shapes(self, num_input):
        """Names and shapes of the weights of all gates, in their order in the array."""
        hidden = self._num_hidden
        for kind in ("weight", "bias"):
            for layer in range(self._num_layers):
                size = num_input if layer == 0 else hidden * len(self.directions)
                for direction in self.directions:
                    for group, columns in (("i2h", size), ("h2h", hidden)):
                        shape = (hidden, columns) if kind == "weight" else (hidden,)
                        for gate in self.gates:
                            name = f"{self._prefix}{direction}{layer}_{group}{gate}_{kind}"
                            yield name, shape

    @property
    def _rows(self):
        return len(self.gates) * self._num_hidden * len(self.directions)

    def _size(self, num_input):
        above = self._num_hidden * (len(self.directions) + 1) + 2
        return self._rows * (num_input + self._num_hidden + 2 + (self._num_layers - 1) * above)

    def parts(self, array):
        """Names of the weights of all gates and their parts of the array.

        Raises:
            ValueError: The array has no size that such a network can have.
        """
        num_input = (array.size - self._size(0)) // self._rows
        if num_input < 1 or self._size(num_input) != array.size:
            raise error.ValueError(
                f"FusedRNNCell: {self._prefix}parameters has {array.size} elements; "
                f"{self._size(1)} and {self._rows} for each further input are expected"
            )
        begin = 0
        for name, shape in self.shapes(num_input):
            end = begin + shape[0] * (shape[1] if len(shape) == 2 else 1)
            yield name, array[begin:end].reshape(shape)
            begin = end
