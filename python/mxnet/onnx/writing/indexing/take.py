"""Elements chosen by indices."""

import numpy as np

from ..registry import translates

_INT = np.dtype("int64")


def within(g, indices, size, mode):
    """Indices made to lie in an axis of a size: cut off (clip) or counted around (wrap).

    Args:
        g: The writer.
        indices: Name of a value of int64.
        size: Size of the axis, or the name of a value without axes.
        mode: "clip", "wrap" or "raise".
    """
    if mode == "raise":
        return indices
    if mode == "wrap":
        return g.Mod(indices, size if isinstance(size, str) else g.number(size, _INT))
    last = g.Sub(size, g.number(1, _INT)) if isinstance(size, str) else g.number(size - 1, _INT)
    return g.Clip(indices, g.number(0, _INT), last)


def _size(node, g, axis):
    """Size of an axis of the first input, or what computes it."""
    found = node.dims()[axis]
    return g.squeeze(g.size(node.inputs[0], axis), 0) if found is None else found


@translates("take")
def take(node, g):
    axis = node.axis(node.attrs.axis)
    indices = within(g, node.input_as(1, _INT), _size(node, g, axis), node.attrs.mode)
    return g.Gather(node.inputs[0], indices, axis=axis)


@translates(
    "Embedding",
    "_contrib_SparseEmbedding",
    ignores=("dtype", "input_dim", "output_dim", "sparse_grad"),
)
def embedding(node, g):
    indices = within(g, node.input_as(0, _INT), node.size(0, 1), "clip")
    return g.Gather(node.inputs[1], indices, axis=0)


@translates("pick")
def pick(node, g):
    attrs, data = node.attrs, node.inputs[0]
    axis, indices = attrs.axis, node.input_as(1, _INT)
    if axis is None:
        data, axis = g.Reshape(data, g.ints(-1)), 0
        indices = within(g, g.Reshape(indices, g.ints(-1)), g.Size(data), attrs.mode)
        return g.GatherElements(data, indices, axis=0)
    axis = node.axis(axis)
    if node.rank(1) < node.rank(0):
        indices = g.unsqueeze(indices, axis)
    indices = within(g, indices, _size(node, g, axis), attrs.mode)
    found = g.GatherElements(data, indices, axis=axis)
    if attrs.keepdims:
        return found
    return g.squeeze(found, axis) if node.rank() > 1 else found


@translates("batch_take")
def batch_take(node, g):
    indices = within(g, node.input_as(1, _INT), node.size(1), "clip")
    found = g.GatherElements(node.inputs[0], g.unsqueeze(indices, 1), axis=1)
    return g.squeeze(found, 1)


@translates("one_hot", ignores=("dtype",))
def one_hot(node, g):
    """Compared with all classes: an index outside of them chooses none."""
    attrs, dtype = node.attrs, node.out_dtype()
    classes = g.constant(np.arange(attrs.depth, dtype=_INT))
    chosen = g.Equal(g.unsqueeze(node.input_as(0, _INT), node.rank()), classes)
    return g.Where(chosen, g.number(attrs.on_value, dtype), g.number(attrs.off_value, dtype))


@translates("_contrib_boolean_mask", kind="one")
def boolean_mask(node, g):
    return g.Compress(node.inputs[0], g.cast(node.inputs[1], bool), axis=node.attrs.axis)


@translates("_npx_nonzero")
def nonzero(node, g):
    return g.cast(g.Transpose(g.NonZero(node.inputs[0]), perm=[1, 0]), node.out_dtype())


@translates("_onehot_encode")
def onehot_encode(node, g):
    dtype = node.out_dtype()
    classes = g.constant(np.arange(node.size(1, 1), dtype=_INT))
    chosen = g.Equal(g.unsqueeze(node.input_as(0, _INT), 1), classes)
    return g.cast(chosen, dtype)


@translates("fill_element_0index")
def fill_element(node, g):
    places = within(g, node.input_as(2, _INT), node.size(1), "clip")
    columns = g.unsqueeze(places, 1)
    return g.ScatterElements(node.inputs[0], columns, g.unsqueeze(node.inputs[1], 1), axis=1)
