"""Reading and writing at places that have one index for each of several axes."""

import numpy as np

from ..registry import translates

_INT = np.dtype("int64")


def _rows(node, g, i):
    """Indices (axes, ...) as ONNX has them: (..., axes)."""
    return g.Transpose(node.input_as(i, _INT), perm=[*range(1, node.rank(i)), 0])


@translates("gather_nd")
def gather_nd(node, g):
    return g.GatherND(node.inputs[0], _rows(node, g, 1))


@translates("scatter_nd", ignores=("shape",))
def scatter_nd(node, g):
    zeros = g.constant(np.zeros(node.out_shape(), node.out_dtype()))
    return g.ScatterND(zeros, _rows(node, g, 1), node.inputs[0])


@translates("_scatter_set_nd", ignores=("shape",))
def scatter_set_nd(node, g):
    return g.ScatterND(node.inputs[0], _rows(node, g, 2), node.inputs[1])


@translates("_contrib_index_copy")
def index_copy(node, g):
    return g.ScatterND(node.inputs[0], g.unsqueeze(node.input_as(1, _INT), 1), node.inputs[2])


def _strides(shape):
    return np.append(np.cumprod(np.array(shape[:0:-1], dtype=_INT))[::-1], 1).astype(_INT)


@translates("_ravel_multi_index")
def ravel(node, g):
    strides = _strides(node.attrs.shape).reshape(-1, *[1] * (node.rank() - 1))
    found = g.reduce("ReduceSum", g.Mul(node.input_as(0, _INT), strides), [0])
    return g.cast(found, node.out_dtype())


@translates("_unravel_index")
def unravel(node, g):
    rank = node.rank()
    column = (-1, *[1] * rank)
    strides = _strides(node.attrs.shape).reshape(column)
    sizes = np.array(node.attrs.shape, dtype=_INT).reshape(column)
    found = g.Mod(g.Div(g.unsqueeze(node.input_as(0, _INT), 0), strides), sizes)
    return g.cast(found, node.out_dtype())
