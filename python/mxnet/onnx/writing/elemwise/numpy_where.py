"""mx.np's choices, which broadcast as ONNX does."""

import numpy as np

from ..registry import translates
from .composed import filled_like


@translates("_npi_where")
def where(node, g):
    return g.Where(g.cast(node.inputs[0], bool), node.inputs[1], node.inputs[2])


@translates("_npi_where_lscalar")
def where_left(node, g):
    number = g.number(node.attrs.scalar, node.out_dtype())
    return g.Where(g.cast(node.inputs[0], bool), number, node.inputs[1])


@translates("_npi_where_rscalar")
def where_right(node, g):
    number = g.number(node.attrs.scalar, node.out_dtype())
    return g.Where(g.cast(node.inputs[0], bool), node.inputs[1], number)


@translates("_npi_where_scalar2")
def where_numbers(node, g):
    x, y = (g.number(value, np.dtype("float32")) for value in (node.attrs.x, node.attrs.y))
    return g.Where(g.cast(node.inputs[0], bool), x, y)


@translates("_npi_full_like", ignores=("dtype",))
def full_like(node, g):
    return filled_like(node, g, node.attrs.fill_value)
