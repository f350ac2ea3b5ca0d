"""Unique elements."""

import numpy as np

from ...registry import translates
from ...values import is_known


@translates("Unique")
def unique(node, x):
    axis = node.attr("axis")
    if x.is_constant:
        return _of_constants(node, x, axis)
    if not is_known(x.shape) or x.is_empty:
        raise node.refuse("X", list(x.shape), "a known shape (input_shapes)")
    if axis is None:
        rows = node.reshape(x, (int(np.prod(x.shape, dtype=np.int64)), 1))
    else:
        axis = node.axis(axis, x.rank)
        order = [axis, *[i for i in range(x.rank) if i != axis]]
        x = node.transpose(x, order)
        width = int(np.prod(x.shape[1:], dtype=np.int64))
        rows = node.reshape(x, (x.shape[0], width))
    chosen, *numbers = _of_rows(node, rows)
    if axis is None:
        return (node.take(node.reshape(x, (rows.shape[0],)), chosen), *numbers)
    slices = node.take(x, chosen)
    return (node.transpose(slices, [order.index(i) for i in range(x.rank)]), *numbers)


def _of_constants(node, x, axis):
    values, first, inverse, counts = np.unique(
        x.array(), return_index=True, return_inverse=True, return_counts=True, axis=axis
    )
    inverse = inverse.reshape(-1)
    if not node.attr("sorted", 1):
        order = np.argsort(first)
        values = np.take(values, order, axis or 0)
        first, counts = first[order], counts[order]
        inverse = np.argsort(order)[inverse]
    numbers = [node.const(a, "int64") for a in (first, inverse, counts)]
    return (node.const(values, x.dtype), *numbers)


def _of_rows(node, rows):
    """First places of different rows, the number of each row's kind, and how often they occur."""
    count, width = rows.shape
    node.check_steps(width, "numbers of a slice")
    size, places = node.const(count, "int64"), node.const(np.arange(count), "int64")
    kind = node.const(np.zeros(count), "int64")
    for i in range(width):
        column = node.reshape(node.slice_axis(rows, 1, i, i + 1), (count,))
        kind = _ranks(node, node.add(node.mul(kind, size), _ranks(node, column)))
    # Sorting keeps no order of equal elements, so that places are part of what is sorted.
    order = _sorted_places(node, node.add(node.mul(kind, size), places))
    is_new = _is_new(node, node.take(kind, order))
    starts, first = node.choose(places, is_new), node.choose(order, is_new)
    ends = node.concat([starts, node.const([count], "int64")], 0)
    later = node.op("slice_axis", ends, axis=0, begin=1, end=None).like(dtype="int64")
    counts = node.sub(later.like(starts.shape), starts)
    if not node.attr("sorted", 1):
        by_place = _sorted_places(node, first)
        first, counts = node.take(first, by_place), node.take(counts, by_place)
        kind = node.take(_sorted_places(node, by_place), kind)
    return first, first, kind, counts


def _sorted_places(node, x):
    """Places of the elements from the least to the greatest."""
    return node.op("argsort", x, axis=0, is_ascend=True, dtype="int64").like(x.shape, "int64")


def _is_new(node, x):
    """Whether a number differs from the one before it (int32)."""
    yes, count = node.const([1], "int32"), x.shape[0]
    if count == 1:
        return yes
    above, below = node.slice_axis(x, 0, 0, count - 1), node.slice_axis(x, 0, 1, count)
    return node.concat([yes, node.cast(node.binary("not_equal", above, below), "int32")], 0)


def _ranks(node, x):
    """How many different numbers are less than each (int64)."""
    order = _sorted_places(node, x)
    new = node.cast(_is_new(node, node.take(x, order)), "int64")
    rank = node.op("_np_cumsum", new, axis=0).like(x.shape, "int64")
    rank = node.sub(rank, node.const(1, "int64"))
    return node.take(rank, _sorted_places(node, order))
