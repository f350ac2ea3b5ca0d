"""Sums of elements that fall into the same place."""

import numpy as np

from ..registry import translates


@translates("_contrib_count_sketch", opset=16, ignores=("processing_batch_size",))
def count_sketch(node, g):
    *rest, count = node.shape()
    width, dtype = node.attrs.out_dim, node.out_dtype()
    rows = int(np.prod(rest, dtype=np.int64))
    signs = g.Reshape(node.inputs[2], g.ints(-1))
    signed = g.Reshape(g.Mul(node.inputs[0], signs), g.ints(rows, count))
    places = g.Reshape(node.input_as(1, np.dtype("int64")), g.ints(1, count))
    places = g.Expand(places, g.ints(rows, count))
    zeros = g.constant(np.zeros((rows, width), dtype))
    found = g.ScatterElements(zeros, places, signed, axis=1, reduction="add")
    return g.Reshape(found, g.ints(*rest, width))
