"""What pictures go through before a network sees them."""

import numpy as np

from ..matrix.pieces import turned
from ..registry import translates


@translates("_image_to_tensor")
def to_tensor(node, g):
    """Channels first, from 0 to 1; floating numbers are rounded to their own precision."""
    wide = np.dtype("float32")
    order = [2, 0, 1] if node.rank() == 3 else [0, 3, 1, 2]
    found = g.Div(node.input_as(0, wide), g.number(255, wide))
    if node.dtype() == np.float16:
        found = g.cast(g.cast(found, np.float16), wide)
    return g.Transpose(found, perm=order)


@translates("_image_normalize")
def normalize(node, g):
    dtype, channels = node.dtype(), node.size(-3)
    mean, std = (_per_channel(each, channels, dtype) for each in (node.attrs.mean, node.attrs.std))
    return g.Div(g.Sub(node.inputs[0], mean), std)


def _per_channel(values, channels, dtype):
    values = list(values) * channels if len(values) == 1 else list(values)[:channels]
    return np.array(values).astype(dtype).reshape(-1, 1, 1)


@translates("_image_flip_left_right", kind="one")
def flip_left_right(node, g):
    return turned(g, node.inputs[0], [node.rank() - 2])


@translates("_image_flip_top_bottom", kind="one")
def flip_top_bottom(node, g):
    return turned(g, node.inputs[0], [node.rank() - 3])


@translates("_image_crop", kind="one")
def crop(node, g):
    attrs, rank = node.attrs, node.rank()
    starts = g.ints(attrs.y, attrs.x)
    ends = g.ints(attrs.y + attrs.height, attrs.x + attrs.width)
    return g.Slice(node.inputs[0], starts, ends, g.ints(rank - 3, rank - 2))
