"""Softmax and its kin."""

import numpy as np

from ...registry import translates
from ...values import Size
from ..tensor.shape import _product


def _softmax(node, x, name):
    if node.opset >= 13:
        axis = node.axis(node.attr("axis", -1), x.rank)
        return node.op(name, x, axis=axis).like(x.shape, x.dtype)
    axis = node.axis(node.attr("axis", 1), x.rank)
    if axis == x.rank - 1:
        return node.op(name, x, axis=axis).like(x.shape, x.dtype)
    rows = node.reshape(x, (_product(x.shape[:axis]), _product(x.shape[axis:])))
    return node.reshape(node.op(name, rows, axis=1).like(rows.shape, x.dtype), x.shape)


@translates("Softmax")
def softmax(node, x):
    return _softmax(node, x, "softmax")


@translates("LogSoftmax")
def log_softmax(node, x):
    return _softmax(node, x, "log_softmax")


@translates("Hardmax")
def hardmax(node, x):
    shape = x.shape
    axis = node.axis(node.attr("axis", -1 if node.opset >= 13 else 1), x.rank)
    if node.opset < 13:
        x = node.reshape(x, (_product(shape[:axis]), _product(shape[axis:])))
        axis = 1
    places = node.op("argmax", x, axis=axis, keepdims=True)
    if isinstance(x.shape[axis], Size):
        raise node.refuse("input", list(x.shape), "a known size of the axis (input_shapes)")
    node.check_constant((x.shape[axis],), "int64")
    line = np.arange(x.shape[axis]).reshape([-1 if i == axis else 1 for i in range(x.rank)])
    hot = node.binary("equal", node.const(line), node.cast(places, "float32"))
    return node.reshape(node.cast(hot, x.dtype), shape)


@translates("LpNormalization")
def lp_normalization(node, x):
    axis, p = node.axis(node.attr("axis", -1), x.rank), node.attr("p", 2)
    if p == 1:
        size = node.reduce("sum", node.pointwise("abs", x), [axis], True)
    elif p == 2:
        size = node.pointwise("sqrt", node.reduce("sum", node.mul(x, x), [axis], True))
    else:
        raise node.refuse("p", p, "1 or 2")
    zero = node.binary("equal", size, node.const(0, x.dtype))
    return node.div(x, node.where(zero, node.const(1, x.dtype), size))
