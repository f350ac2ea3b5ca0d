"""Fourier transforms of real numbers along the last axis."""

import numpy as np

from ..registry import translates


def _transform(g, value, rank, inverse):
    """DFT along the axis before the last one, which is (real, imaginary); the axis moved in 20."""
    if g.opset >= 20:
        return g.DFT(value, None, g.number(rank - 2, np.int64), inverse=inverse)
    return g.DFT(value, axis=rank - 2, inverse=inverse)


@translates("_contrib_fft", ignores=("compute_size",), opset=17)
def fft(node, g):
    rest, count = [0] * (node.rank() - 1), node.size(-1)
    found = _transform(g, g.unsqueeze(node.inputs[0], node.rank()), node.rank() + 1, 0)
    return g.Reshape(found, g.ints(*rest, 2 * count))


@translates("_contrib_ifft", ignores=("compute_size",), opset=17)
def ifft(node, g):
    rest, count = [0] * (node.rank() - 1), node.size(-1)
    pairs = g.Reshape(node.inputs[0], g.ints(*rest, count // 2, 2))
    found = _transform(g, pairs, node.rank() + 1, 1)
    real = g.squeeze(g.slice(found, node.rank(), 0, 1), node.rank())
    return g.Mul(real, g.number(count // 2, node.out_dtype()))
