"""Windows over pictures as columns, and back."""

import numpy as np

from ...registry import translates
from .window import tuple_of


def _window(node):
    """Steps, gaps and padding of the windows."""
    attrs, rank = node.attrs, len(node.attrs.kernel)
    return [
        tuple_of(given, rank, default)
        for given, default in ((attrs.stride, 1), (attrs.dilate, 1), (attrs.pad, 0))
    ]


@translates("im2col")
def im2col(node, g):
    """Gathers the elements of all windows of the padded picture."""
    kernel = node.attrs.kernel
    channels, *sizes = (node.size(axis) for axis in range(1, node.rank()))
    stride, dilate, pad = _window(node)
    x = g.Pad(node.inputs[0], g.ints(0, 0, *pad, 0, 0, *pad))
    padded = [size + 2 * p for size, p in zip(sizes, pad)]
    places = np.zeros((1, 1), np.int64)
    for size, k, s, d in zip(padded, kernel, stride, dilate):
        steps = np.arange((size - d * (k - 1) - 1) // s + 1) * s
        along = np.arange(k)[:, None] * d + steps
        places = places[:, None, :, None] * size + along[None, :, None, :]
        places = places.reshape(places.shape[0] * k, -1)
    flat = g.Reshape(x, g.ints(0, channels, int(np.prod(padded))))
    found = g.Gather(flat, places, axis=2)
    return g.Reshape(found, g.ints(0, channels * places.shape[0], places.shape[1]))


@translates("col2im", kind="one", opset=18)
def col2im(node, g):
    attrs = node.attrs
    stride, dilate, pad = _window(node)
    return g.Col2Im(
        node.inputs[0],
        g.ints(*attrs.output_size),
        g.ints(*attrs.kernel),
        strides=stride,
        dilations=dilate,
        pads=[*pad, *pad],
    )
