"""Recurrent networks as symbols: cells that are unrolled, batches by length, checkpoints."""

from . import io, rnn, rnn_cell
from .io import *
from .rnn import *
from .rnn_cell import *
