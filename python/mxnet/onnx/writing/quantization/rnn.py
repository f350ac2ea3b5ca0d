"""Recurrent layers over bytes."""

import copy

import numpy as np

from ..nn.rnn.rnn import rnn
from ..registry import translates
from ..source import Type


@translates("_contrib_quantized_rnn", ignores=("p",))
def quantized_rnn(node, g):
    """RNN on the numbers that the bytes stand for."""
    dtype = node.dtype(1)
    scale, shift = node.inputs[-2:]
    data = g.Div(g.Sub(g.cast(node.inputs[0], dtype), shift), scale)
    real = copy.copy(node)
    real.inputs = [data, *node.inputs[1:-2]]
    real.in_types = [Type(node.in_types[0].shapes, np.dtype(dtype)), *node.in_types[1:-2]]
    return rnn(real, g)
