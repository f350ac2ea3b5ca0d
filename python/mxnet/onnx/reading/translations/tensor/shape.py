"""Operators that change or tell shapes."""

import math

import numpy as np

from ..... import error
from ...registry import translates
from ...values import Size, Value, broadcast_shapes, is_known, merge, sample


@translates("Shape")
def shape(node, x):
    rank = x.rank
    begin, end = node.attr("start", 0), node.attr("end", rank)
    begin = min(max(begin + rank if begin < 0 else begin, 0), rank)
    end = min(max(end + rank if end < 0 else end, 0), rank)
    sizes = x.shape[begin : max(begin, end)]
    first = np.array(sample(sizes, 0), np.int64)
    if is_known(sizes):
        return Value.constant(first)
    whole = node.op("shape_array", x)
    part = node.op("slice_axis", whole, axis=0, begin=begin, end=end)
    return Value(part.shape, "int64", part.symbol, (first, np.array(sample(sizes, 1), np.int64)))


@translates("Size")
def size(node, x):
    if is_known(x.shape):
        return Value.constant(np.array(math.prod(x.shape), np.int64))
    cases = [np.array(math.prod(sample(x.shape, case)), np.int64) for case in (0, 1)]
    return Value((), "int64", node.op("size_array", x).symbol, tuple(cases))


def sizes_in(node, value, what):
    """The sizes that a tensor of whole numbers tells: int, or Size where they are open.

    Args:
        node (Node): The node that reads it.
        value (Value): The tensor.
        what (str): Its name in the operator's definition.
    """
    if value.arrays is None:
        raise node.not_constant(value, what)
    first, second = ([int(n) for n in array.reshape(-1)] for array in value.arrays)
    return merge(first, second)


@translates("Reshape")
def reshape(node, x, shape):
    sizes = list(sizes_in(node, shape, "shape"))
    if not node.attr("allowzero", 0):
        for i, size in enumerate(sizes):
            if size == 0:
                if i >= x.rank:
                    raise error.ValueError(
                        f"{node.title}: shape={sizes} of Reshape copies axis {i}; one of {x.rank} "
                        "axes is expected"
                    )
                sizes[i] = x.shape[i]
    return node.reshape(x, complete(node, x.shape, sizes))


def complete(node, old, new):
    """A shape with its -1 replaced by what the number of elements asks for."""
    if sum(1 for size in new if size == -1) > 1 or any(
        not isinstance(size, Size) and size < -1 for size in new
    ):
        raise error.ValueError(
            f"{node.title}: shape={list(new)} of Reshape is no shape; sizes, and -1 at most once, "
            "are expected"
        )
    cases = []
    for case in (0, 1):
        total = math.prod(sample(old, case))
        sizes = list(sample(new, case))
        rest = math.prod(size for size in sizes if size != -1)
        if -1 in sizes and rest and total % rest == 0:
            sizes[sizes.index(-1)] = total // rest
        if math.prod(sizes) != total or -1 in sizes:
            raise error.ValueError(
                f"{node.title}: shape={list(new)} of Reshape does not fit a tensor of shape "
                f"{list(old)}; as many elements are expected"
            )
        cases.append(sizes)
    return merge(*cases)


def _product(sizes):
    cases = [math.prod(sample(sizes, case)) for case in (0, 1)]
    return merge(cases[:1], cases[1:])[0]


@translates("Flatten")
def flatten(node, x):
    axis = node.attr("axis", 1)
    if not -x.rank <= axis <= x.rank:
        raise error.ValueError(
            f"{node.title}: axis={axis} of Flatten is out of range; -{x.rank} to {x.rank} is "
            "expected"
        )
    axis = axis + x.rank if axis < 0 else axis
    if axis == 1 and x.rank > 1:
        if x.rank == 2:
            return x
        if not x.is_constant and not x.is_empty:
            return node.op("Flatten", x).like((x.shape[0], _product(x.shape[1:])), x.dtype)
    return node.reshape(x, (_product(x.shape[:axis]), _product(x.shape[axis:])))


@translates("Squeeze", until=12)
def squeeze_attribute(node, x):
    return _squeeze(node, x, node.attr("axes"))


@translates("Squeeze", since=13)
def squeeze(node, x, axes=None):
    return _squeeze(node, x, None if axes is None else node.need(axes, "axes").reshape(-1))


def _squeeze(node, x, axes):
    if axes is None:
        axes = [i for i, size in enumerate(x.shape) if size == 1]
    axes = node.axes(axes, x.rank)
    for axis in axes:
        if x.shape[axis] != 1:
            raise error.ValueError(
                f"{node.title}: axes={axes} of Squeeze do not fit the shape {list(x.shape)}; axes "
                "of size 1 are expected"
            )
    return node.reshape(x, [size for i, size in enumerate(x.shape) if i not in axes])


@translates("Unsqueeze", until=12)
def unsqueeze_attribute(node, x):
    return _unsqueeze(node, x, node.attr("axes", []))


@translates("Unsqueeze", since=13)
def unsqueeze(node, x, axes):
    return _unsqueeze(node, x, node.need(axes, "axes").reshape(-1))


def _unsqueeze(node, x, axes):
    rank = x.rank + len(axes)
    axes = node.axes(axes, rank)
    sizes = iter(x.shape)
    if len(axes) != rank - x.rank:
        raise error.ValueError(
            f"{node.title}: axes={axes} of Unsqueeze name an axis twice; different axes are "
            "expected"
        )
    return node.reshape(x, [1 if i in axes else next(sizes) for i in range(rank)])


@translates("Expand")
def expand(node, x, shape):
    return node.broadcast_to(x, broadcast_shapes(x.shape, sizes_in(node, shape, "shape")))


@translates("Transpose")
def transpose(node, x):
    axes = node.attr("perm") or list(range(x.rank))[::-1]
    if sorted(axes) != list(range(x.rank)):
        raise error.ValueError(
            f"{node.title}: perm={axes} of Transpose does not fit {x.rank} axes; each axis once is "
            "expected"
        )
    return node.transpose(x, axes)


@translates("DepthToSpace")
def depth_to_space(node, x):
    block = node.attr("blocksize", 1)
    if node.attr("mode", "DCR") == "DCR":
        return node.op("depth_to_space", x, block_size=block).like(dtype=x.dtype)
    batch, channels, height, width = x.shape
    split = node.reshape(x, (batch, channels // block**2, block, block, height, width))
    moved = node.transpose(split, (0, 1, 4, 2, 5, 3))
    return node.reshape(moved, (batch, channels // block**2, height * block, width * block))


@translates("SpaceToDepth")
def space_to_depth(node, x):
    block = node.attr("blocksize", 1)
    if node.attr("mode", "DCR") == "DCR":
        return node.op("space_to_depth", x, block_size=block).like(dtype=x.dtype)
    batch, channels, height, width = x.shape
    split = node.reshape(x, (batch, channels, height // block, block, width // block, block))
    moved = node.transpose(split, (0, 1, 3, 5, 2, 4))
    return node.reshape(moved, (batch, channels * block**2, height // block, width // block))
