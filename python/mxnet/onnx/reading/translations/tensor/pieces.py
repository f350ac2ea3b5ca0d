"""Operators that join, cut and repeat."""

import numpy as np

from ..... import error
from ...dtypes import computed_in
from ...registry import translates
from ...values import Size, Value, as_integers
from ..nn.windows import pad_spatial
from .shape import sizes_in


@translates("Concat")
def concat(node, *parts):
    return node.concat(parts, node.axis(node.attr("axis", 0), parts[0].rank))


@translates("Split", until=12)
def split_attribute(node, x):
    return _split(node, x, node.attr("split"))


@translates("Split", since=13)
def split(node, x, sizes=None):
    return _split(node, x, None if sizes is None else as_integers(node.need(sizes, "split")))


def _split(node, x, sizes):
    axis = node.axis(node.attr("axis", 0), x.rank)
    whole, count = x.shape[axis], node.attr("num_outputs", node.output_count)
    node.check_steps(count, "pieces")
    if sizes is None:
        if isinstance(whole, Size):
            equal = node.ops("SliceChannel", x, num_outputs=count, axis=axis)
            return [part.like(dtype=x.dtype) for part in equal]
        size = -(-whole // count)
        sizes = [min(size, max(whole - i * size, 0)) for i in range(count)]
    if not isinstance(whole, Size) and sum(sizes) != whole:
        raise error.ValueError(
            f"{node.title}: split={sizes} of Split does not fit a size of {whole}; sizes that add "
            "up to it are expected"
        )
    ends = np.cumsum([0, *sizes]).tolist()
    return [node.slice_axis(x, axis, a, b) for a, b in zip(ends, ends[1:])]


@translates("Slice", until=9)
def slice_attributes(node, x):
    starts, ends = node.attr("starts", []), node.attr("ends", [])
    axes = node.attr("axes") or list(range(len(starts)))
    return _slice(node, x, starts, ends, axes, [1] * len(starts))


@translates("Slice", since=10)
def slice_(node, x, starts, ends, axes=None, steps=None):
    begin, end = sizes_in(node, starts, "starts"), sizes_in(node, ends, "ends")
    axes = list(range(len(begin))) if axes is None else as_integers(node.need(axes, "axes"))
    steps = [1] * len(begin) if steps is None else as_integers(node.need(steps, "steps"))
    return _slice(node, x, begin, end, axes, steps)


def _slice(node, x, starts, ends, axes, steps):
    if not len(starts) == len(ends) == len(axes) == len(steps):
        raise error.ValueError(
            f"{node.title}: starts={list(starts)} of Slice and its other inputs are of different "
            "length; one number for each axis is expected"
        )
    begin, end, step = [None] * x.rank, [None] * x.rank, [None] * x.rank
    empty = list(x.shape)
    for first, last, axis, by in zip(starts, ends, axes, steps):
        axis = node.axis(axis, x.rank)
        if by == 0:
            raise error.ValueError(f"{node.title}: steps=0 of Slice; another number is expected")
        size = x.shape[axis]
        if isinstance(size, Size):
            begin[axis], end[axis] = _open_ends(node, size, first, last, by)
            step[axis] = by
            continue
        if isinstance(last, Size) and (first, by) == (0, 1):
            x = _first_ones(node, x, axis, last)
            continue
        if isinstance(first, Size) or isinstance(last, Size):
            raise node.refuse("ends", "of a size that is open", "input_shapes of import_model")
        low, high, by = slice(first, last, by).indices(size)
        empty[axis] = len(range(low, high, by))
        begin[axis], step[axis] = low, by
        end[axis] = None if high < 0 else high
    if 0 in empty:
        return Value.constant(np.zeros(empty, computed_in(x.dtype)), x.dtype)
    cut = [axis for axis, first in enumerate(begin) if (first, end[axis]) != (None, None)]
    if not cut:
        return x
    if len(cut) == 1 and step[cut[0]] == 1 and begin[cut[0]] is not None:
        return node.slice_axis(x, cut[0], begin[cut[0]], end[cut[0]])
    return node.op("slice", x, begin=tuple(begin), end=tuple(end), step=tuple(step)).like(
        dtype=x.dtype
    )


def _first_ones(node, x, axis, count):
    """As many elements of an axis as an open size tells."""
    places = node.cast(node.count_up(count), "int64")
    # Sequences that are too long are an error when the network runs, not the last element again.
    return node.op("take", x, places, axis=axis, mode="raise").like(dtype=x.dtype)


def _open_ends(node, size, first, last, by):
    """Ends of a slice of an axis whose size is open."""
    if last == size:
        last = None
    if isinstance(first, Size) or isinstance(last, Size):
        raise node.refuse("starts", "of a size that is open", "input_shapes of import_model")
    limit = 1 << 31
    if last is not None and abs(last) >= limit - 1:
        last = None
    if abs(first) >= limit - 1:
        first = None
    return first, last


@translates("Tile")
def tile(node, x, repeats):
    repeats = as_integers(node.need(repeats, "repeats"))
    shape = tuple(size * count if count != 1 else size for size, count in zip(x.shape, repeats))
    if 0 in shape:
        return Value.constant(np.zeros(shape, computed_in(x.dtype)), x.dtype)
    node.check_size(shape, x.dtype)
    return node.op("tile", x, reps=tuple(repeats)).like(shape, x.dtype)


@translates("Pad", until=10)
def pad_attributes(node, x):
    value = node.const(node.attr("value", 0.0), x.dtype)
    return _pad(node, x, node.attr("pads", []), value, range(x.rank))


@translates("Pad", since=11)
def pad(node, x, pads, value=None, axes=None):
    axes = range(x.rank) if axes is None else as_integers(node.need(axes, "axes"))
    value = node.const(0, x.dtype) if value is None else value
    return _pad(node, x, as_integers(node.need(pads, "pads")), value, axes)


def _pad(node, x, pads, value, axes):
    axes = [node.axis(axis, x.rank) for axis in axes]
    if len(pads) != 2 * len(axes):
        raise error.ValueError(
            f"{node.title}: pads={list(pads)} of Pad; two numbers for each of {len(axes)} axes are "
            "expected"
        )
    mode = node.attr("mode", "constant")
    if mode == "constant" and value.is_constant and min(pads, default=0) >= 0 and min(axes) >= 2:
        begin, end = [0] * x.rank, [0] * x.rank
        for axis, before, after in zip(axes, pads, pads[len(axes) :]):
            begin[axis], end[axis] = before, after
        return pad_spatial(node, x, begin[2:], end[2:], value.array().reshape(-1)[0].item())
    for axis, before, after in zip(axes, pads, pads[len(axes) :]):
        if before < 0 or after < 0:
            x = node.slice_axis(x, axis, max(-before, 0), after if after < 0 else None)
        x = _pad_axis(node, x, axis, max(before, 0), max(after, 0), mode, value)
    return x


def _pad_axis(node, x, axis, before, after, mode, value):
    if before == after == 0:
        return x
    if mode == "constant":
        parts = []
        for count in (before, after):
            shape = (*x.shape[:axis], count, *x.shape[axis + 1 :])
            parts.append(node.broadcast_to(node.reshape(value, ()), shape) if count else None)
        return node.concat([p for p in (parts[0], x, parts[1]) if p is not None], axis)
    size = x.shape[axis]
    if isinstance(size, Size):
        raise node.refuse("data", list(x.shape), "a known size of axes that are padded")
    node.check_constant((before + after + size,), "int64")
    places = np.arange(-before, size + after)
    if mode == "edge":
        places = np.clip(places, 0, size - 1)
    elif mode == "wrap":
        places = places % size
    elif mode == "reflect":
        period = max(2 * (size - 1), 1)
        places = places % period
        places = np.minimum(places, period - places) if size > 1 else places * 0
    else:
        raise node.refuse("mode", mode, "constant, edge, reflect or wrap")
    return node.take(x, node.const(places, "int64"), axis)


@translates("Compress")
def compress(node, x, condition):
    axis = node.attr("axis")
    if axis is None:
        x, axis = node.expand("Reshape", x, node.const([-1], "int64")), 0
    axis = node.axis(axis, x.rank)
    length, size = condition.shape[0], x.shape[axis]
    if condition.is_constant:
        places = np.flatnonzero(condition.array())
        return node.take(x, node.const(places, "int64"), axis)
    if not isinstance(size, Size) and not isinstance(length, Size) and length < size:
        x = node.slice_axis(x, axis, 0, length)
    order = [axis, *[i for i in range(x.rank) if i != axis]]
    chosen = node.op(
        "_contrib_boolean_mask", node.transpose(x, order), node.cast(condition, "int32"), axis=0
    ).like(dtype=x.dtype)
    back = [order.index(i) for i in range(x.rank)]
    return node.transpose(chosen, back)


@translates("ReverseSequence")
def reverse_sequence(node, x, lengths):
    batch, time = node.attr("batch_axis", 1), node.attr("time_axis", 0)
    order = [time, batch, *[i for i in range(x.rank) if i not in (time, batch)]]
    turned = node.transpose(x, order)
    result = node.op(
        "SequenceReverse", turned, node.cast(lengths, "float32"), use_sequence_length=True
    ).like(dtype=x.dtype)
    return node.transpose(result, [order.index(i) for i in range(x.rank)])
