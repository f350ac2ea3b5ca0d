"""Operators that read and write at given places."""

import numpy as np

from ..... import error
from ...registry import translates
from ...values import Size, Value, is_known


@translates("Gather")
def gather(node, x, indices):
    return node.take(x, indices, node.axis(node.attr("axis", 0), x.rank))


def _grid(node, shape, axis, along):
    """Indices of all elements of a shape, one tensor for each axis, `along` in place of one."""
    if not is_known(shape):
        raise node.refuse("indices", list(shape), "a known shape")
    node.check_constant(shape, "int64")
    parts = []
    for i, size in enumerate(shape):
        if i == axis:
            parts.append(along)
        else:
            line = np.arange(size).reshape([-1 if k == i else 1 for k in range(len(shape))])
            parts.append(node.const(np.broadcast_to(line, shape), "int64"))
    return parts


def _stacked(node, parts):
    return node.concat([node.reshape(part, (1, _count(part))) for part in parts], 0)


def _count(value):
    return int(np.prod(value.shape, dtype=np.int64))


@translates("GatherElements")
def gather_elements(node, x, indices):
    axis = node.axis(node.attr("axis", 0), x.rank)
    indices = node.from_start(node.cast(indices, "int64"), x.shape[axis])
    places = _stacked(node, _grid(node, indices.shape, axis, indices))
    return node.reshape(node.op("gather_nd", x, places).like(dtype=x.dtype), indices.shape)


def _places(node, indices, sizes):
    """Indices (..., k) as (k, count), counted from the start."""
    depth = indices.shape[-1]
    indices = node.cast(indices, "int64")
    limits = node.const(np.array(sizes[:depth]), "int64")
    if indices.is_constant:
        array = indices.array()
        indices = Value.constant(np.where(array < 0, array + limits.array(), array))
    else:
        negative = node.binary("less", indices, node.const(0, "int64"))
        indices = node.where(negative, node.add(indices, limits), indices)
    flat = indices
    if indices.rank != 2:
        if not is_known(indices.shape):
            raise node.refuse("indices", list(indices.shape), "known sizes, or two axes")
        flat = node.reshape(indices, (_count(indices) // depth, depth))
    return node.transpose(flat, (1, 0))


@translates("GatherND")
def gather_nd(node, x, indices):
    batch = node.attr("batch_dims", 0)
    if not is_known(x.shape) or not is_known(indices.shape):
        raise node.refuse("data", list(x.shape), "known shapes")
    depth = indices.shape[-1]
    shape = indices.shape[:-1] + x.shape[batch + depth :]
    if batch:
        lead = indices.shape[:-1]
        node.check_constant((batch, *lead), "int64")
        grid = [
            np.broadcast_to(
                np.arange(lead[i]).reshape([-1 if k == i else 1 for k in range(len(lead))]), lead
            )[..., None]
            for i in range(batch)
        ]
        parts = [*[node.const(part, "int64") for part in grid], node.cast(indices, "int64")]
        indices = node.concat(parts, len(lead))
    places = _places(node, indices, x.shape)
    return node.reshape(node.op("gather_nd", x, places).like(dtype=x.dtype), shape)


@translates("ScatterElements", "Scatter")
def scatter_elements(node, x, indices, updates):
    axis = node.axis(node.attr("axis", 0), x.rank)
    indices = node.from_start(node.cast(indices, "int64"), x.shape[axis])
    places = _stacked(node, _grid(node, indices.shape, axis, indices))
    flat = node.reshape(updates, (_count(updates),))
    return _scatter(node, x, places, flat, node.attr("reduction", "none"))


@translates("ScatterND")
def scatter_nd(node, x, indices, updates):
    if not is_known(x.shape) or isinstance(indices.shape[-1], Size):
        raise node.refuse("data", list(x.shape), "known shapes")
    reduction = node.attr("reduction", "none")
    choice, number = node.choice(indices), node.number_of(updates)
    if choice and number is not None and reduction == "none":
        return _scatter_choice(node, x, *choice, number)
    places = _places(node, indices, x.shape)
    flat = node.reshape(updates, (places.shape[1], *x.shape[indices.shape[-1] :]))
    return _scatter(node, x, places, flat, reduction)


def _scatter_choice(node, x, indices, mask, number):
    """`x` with a number written where those indices say that a mask chooses.

    All others write into a row behind the last one, which is cut off: so no shape follows from
    data, and the network is compiled as a whole.
    """
    count, depth = indices.shape
    spare = np.zeros((1, depth), np.int64)
    spare[0, 0] = x.shape[0]
    chosen = node.expand_dims(mask, 1)
    places = node.where(chosen, node.cast(indices, "int64"), node.const(spare, "int64"))
    row = node.full((1, *x.shape[1:]), 0, x.dtype)
    longer = node.concat([x, row], 0)
    flat = node.full((count, *x.shape[depth:]), number, x.dtype)
    written = _scatter(node, longer, _places(node, places, longer.shape), flat, "none")
    return node.slice_axis(written, 0, 0, x.shape[0])


def _scatter(node, x, places, updates, reduction):
    """`x` with updates (count, ...) written at places (k, count)."""
    if 0 in updates.shape:
        return x
    if reduction == "none":
        return node.op("_scatter_set_nd", x, updates, places, shape=x.shape).like(x.shape, x.dtype)
    kinds = {"add": "add", "mul": "mul", "max": "maximum", "min": "minimum"}
    if reduction not in kinds:
        raise node.refuse("reduction", reduction, f"none, {', '.join(kinds)}")
    if isinstance(places.shape[1], Size) or places.shape[1] > 4096:
        raise node.refuse("reduction", reduction, "at most 4096 updates, or reduction none")
    # One update after the other, as several may meet at one place.
    for i in range(places.shape[1]):
        place = node.slice_axis(places, 1, i, i + 1)
        old = node.op("gather_nd", x, place).like(dtype=x.dtype)
        new = node.binary(kinds[reduction], old, node.slice_axis(updates, 0, i, i + 1))
        x = node.op("_scatter_set_nd", x, new, place, shape=x.shape).like(x.shape, x.dtype)
    return x


@translates("TensorScatter")
def tensor_scatter(node, past, update, starts=None):
    axis = node.axis(node.attr("axis", -2), past.rank)
    mode = node.attr("mode", "linear")
    batch, length, count = past.shape[0], past.shape[axis], update.shape[axis]
    if not is_known(past.shape):
        raise node.refuse("past_cache", list(past.shape), "a known shape")
    if starts is None:
        starts = node.const(np.zeros(batch), "int64")
    node.check_constant((batch, count), "int64")
    order = [0, axis, *[i for i in range(1, past.rank) if i != axis]]
    rows = np.broadcast_to(np.arange(batch)[:, None], (batch, count))
    steps = node.add(node.reshape(starts, (batch, 1)), node.const(np.arange(count)[None], "int64"))
    if mode == "circular":
        steps = node.binary("mod", steps, node.const(length, "int64"))
    elif mode != "linear":
        raise error.ValueError(f"{node.title}: mode={mode!r}; linear or circular is expected")
    places = _stacked(node, [node.const(rows, "int64"), steps])
    moved = node.transpose(past, order)
    flat = node.transpose(update, order)
    flat = node.reshape(flat, (batch * count, *flat.shape[2:]))
    result = _scatter(node, moved, places, flat, "none")
    return node.transpose(result, [order.index(i) for i in range(past.rank)])
