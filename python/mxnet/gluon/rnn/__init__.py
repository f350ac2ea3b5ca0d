"""Recurrent cells, which are unrolled step by step."""

from ... import _absent
from .modifiers import BidirectionalCell, DropoutCell, ModifierCell, ResidualCell, ZoneoutCell
from .recurrent_cell import HybridRecurrentCell, RecurrentCell
from .rnn_cell import GRUCell, LSTMCell, RNNCell
from .sequential import HybridSequentialRNNCell, SequentialRNNCell

__all__ = [
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

__getattr__ = _absent.getter(__name__)
