"""Products of matrices with factors."""

import numpy as np

from ..matrix.dot import swapped
from ..registry import translates


def scaled(g, value, factor, dtype):
    """The value times a number."""
    return value if factor == 1 else g.Mul(value, g.number(factor, dtype))


def _rows_last(node, g, i, axis):
    """An input with its rows on the axis before the last one; `axis` tells where they are."""
    rank = node.rank(i)
    axis = axis % rank
    if axis == rank - 2:
        return node.inputs[i]
    rest = [each for each in range(rank) if each not in (axis, rank - 1)]
    return g.Transpose(node.inputs[i], perm=[*rest, axis, rank - 1])


def _product(node, g):
    attrs = node.attrs
    a, b = (_rows_last(node, g, i, attrs.axis) for i in range(2))
    a = swapped(g, a, node.rank(0)) if attrs.transpose_a else a
    b = swapped(g, b, node.rank(1)) if attrs.transpose_b else b
    return scaled(g, g.MatMul(a, b), attrs.alpha, node.dtype())


def _rows_back(node, g, value, axis):
    rank = len(node.out_dims())
    axis = axis % rank
    if axis == rank - 2:
        return value
    order = list(range(rank - 2))
    order.insert(axis, rank - 2)
    return g.Transpose(value, perm=[*order, rank - 1])


@translates("_linalg_gemm2")
def gemm2(node, g):
    return _rows_back(node, g, _product(node, g), node.attrs.axis)


@translates("_linalg_gemm")
def gemm(node, g):
    attrs = node.attrs
    more = scaled(g, _rows_last(node, g, 2, attrs.axis), attrs.beta, node.dtype())
    return _rows_back(node, g, g.Add(_product(node, g), more), attrs.axis)


@translates("_linalg_syrk")
def syrk(node, g):
    a, turned = node.inputs[0], swapped(g, node.inputs[0], node.rank())
    factors = (turned, a) if node.attrs.transpose else (a, turned)
    return scaled(g, g.MatMul(*factors), node.attrs.alpha, node.dtype())


@translates("_linalg_trmm", opset=14)
def trmm(node, g):
    attrs = node.attrs
    a = g.Trilu(node.inputs[0], upper=int(not attrs.lower))
    a = swapped(g, a, node.rank()) if attrs.transpose else a
    factors = (node.inputs[1], a) if attrs.rightside else (a, node.inputs[1])
    return scaled(g, g.MatMul(*factors), attrs.alpha, node.dtype())


def _flat(node, g, value):
    """A number for each matrix; one matrix alone gives one axis of size 1."""
    return value if node.rank() > 2 else g.Reshape(value, g.ints(1))


@translates("_linalg_det")
def det(node, g):
    return _flat(node, g, g.Det(node.inputs[0]))


@translates("_linalg_slogdet")
def slogdet(node, g):
    found = _flat(node, g, g.Det(node.inputs[0]))
    return [g.Sign(found), g.Log(g.Abs(found))]


@translates("_npi_det")
def numpy_det(node, g):
    return g.Det(node.inputs[0])


@translates("_npi_slogdet")
def numpy_slogdet(node, g):
    found = g.Det(node.inputs[0])
    return [g.Sign(found), g.Log(g.Abs(found))]


@translates("_linalg_sumlogdiag")
def sumlogdiag(node, g):
    rank, size = node.rank(), node.size(-1)
    ones = np.eye(size, dtype=bool)
    logs = g.Where(ones, g.Log(node.inputs[0]), g.number(0, node.dtype()))
    return _flat(node, g, g.reduce("ReduceSum", logs, [rank - 2, rank - 1]))
