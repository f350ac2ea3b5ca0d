"""Resizing of pictures."""

import numpy as np

from .... import ndarray
from ..registry import translates


@translates("_image_resize", ignores=("size", "keep_ratio"))
def resize(node, g):
    """Two products with matrices of weights, which the operator itself tells.

    Bytes are rounded on the way by the operator, which no product of matrices does.
    """
    interp, rank = node.attrs.interp, node.rank()
    if node.dtype() == np.uint8 and interp != 0:
        node.refuse("rounds bytes between the axes", "cast its input to float32", "interp")
    sizes = [node.size(axis) for axis in (-3, -2)]
    wanted = [node.out_size(axis) for axis in (-3, -2)]
    if sizes == wanted:
        return node.inputs[0]
    rows, columns = (_weights(sizes, wanted, axis, interp) for axis in (0, 1))
    order = [*range(rank - 3), rank - 1, rank - 3, rank - 2]
    x = g.Transpose(node.input_as(0, np.dtype("float32")), perm=order)
    found = g.MatMul(g.MatMul(rows, x), np.ascontiguousarray(columns.T))
    back = [*range(rank - 3), rank - 2, rank - 1, rank - 3]
    return g.cast(g.Transpose(found, perm=back), node.out_dtype())


def _weights(sizes, wanted, axis, interp):
    """Weights (new, old) along an axis: what becomes of pictures that are 1 in one row each."""
    count = sizes[axis]
    shape = [count, 1, 1]
    shape[1 + axis] = count
    pictures = np.broadcast_to(np.eye(count, dtype="f").reshape(shape), (count, *sizes))
    pictures = ndarray.array(pictures[..., None].copy())
    size = (wanted[1], wanted[0])
    found = ndarray._internal._image_resize(pictures, size=size, interp=interp).asnumpy()
    line = found[:, :, 0, 0] if axis == 0 else found[:, 0, :, 0]
    return np.ascontiguousarray(line.T)
