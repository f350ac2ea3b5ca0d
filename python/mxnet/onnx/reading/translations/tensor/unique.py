"""Unique elements."""

import numpy as np

from ...registry import translates


@translates("Unique")
def unique(node, x):
    # Sorting whole slices has no operator: this is for numbers known when the file is read.
    array = node.need(x, "X")
    axis = node.attr("axis")
    values, first, inverse, counts = np.unique(
        array, return_index=True, return_inverse=True, return_counts=True, axis=axis
    )
    inverse = inverse.reshape(-1)
    if not node.attr("sorted", 1):
        order = np.argsort(first)
        values = np.take(values, order, axis or 0)
        first, counts = first[order], counts[order]
        inverse = np.argsort(order)[inverse]
    numbers = [node.const(a, "int64") for a in (first, inverse, counts)]
    return (node.const(values, x.dtype), *numbers)
