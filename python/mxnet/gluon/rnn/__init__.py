"""Recurrent layers, and cells, which are unrolled step by step."""

from .modifiers import BidirectionalCell, DropoutCell, ModifierCell, ResidualCell, ZoneoutCell
from .recurrent_cell import HybridRecurrentCell, RecurrentCell
from .rnn_cell import GRUCell, LSTMCell, RNNCell
from .rnn_layer import GRU, LSTM, RNN
from .sequential import HybridSequentialRNNCell, SequentialRNNCell

__all__ = [
    "RNN",
    "LSTM",
    "GRU",
    "RecurrentCell",
    "HybridRecurrentCell",
    "RNNCell",
    "LSTMCell",
    "GRUCell",
    "SequentialRNNCell",
    "HybridSequentialRNNCell",
    "DropoutCell",
    "ModifierCell",
    "ZoneoutCell",
    "ResidualCell",
    "BidirectionalCell",
]
