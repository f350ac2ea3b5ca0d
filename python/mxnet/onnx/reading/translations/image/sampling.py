"""Pictures read at places that other tensors tell."""

import itertools
import math

import numpy as np

from ...registry import translates
from ...values import is_known


def _unnormalized(node, places, size):
    """Places from -1 to 1 as places of elements."""
    if node.attr("align_corners", 0):
        return node.scale(places, (size - 1) / 2, (size - 1) / 2)
    return node.scale(places, size / 2, (size - 1) / 2)


def _reflected(node, places, size):
    """Places outside mirrored at the border as often as needed."""
    if node.attr("align_corners", 0):
        low, high = 0.0, float(size - 1)
    else:
        low, high = -0.5, size - 0.5
    span = high - low
    if span == 0:
        return node.scale(places, 0.0)
    distance = node.pointwise("abs", node.scale(places, 1.0, -low))
    turned = node.pointwise("_mod_scalar", distance, scalar=2 * span)
    back = node.scale(turned, -1.0, 2 * span)
    return node.scale(node.binary("minimum", turned, back), 1.0, low)


def _taps(node, places, mode):
    """Pairs of whole places (as floats) and weights."""
    if mode == "nearest":
        return [(node.pointwise("_npi_around", places), None)]
    base = node.pointwise("floor", places)
    rest = node.sub(places, base)
    if mode == "linear":
        return [(base, node.scale(rest, -1.0, 1.0)), (node.scale(base, 1.0, 1.0), rest)]
    taps, a = [], -0.75
    for shift in (-1, 0, 1, 2):
        d = node.pointwise("abs", node.scale(rest, 1.0, -shift))
        square = node.mul(d, d)
        cube = node.mul(square, d)
        if shift in (0, 1):
            parts = ((cube, a + 2), (square, -(a + 3)))
            constant = 1.0
        else:
            parts = ((cube, a), (square, -5 * a), (d, 8 * a))
            constant = -4 * a
        total = None
        for value, factor in parts:
            term = node.scale(value, factor)
            total = term if total is None else node.add(total, term)
        taps.append((node.scale(base, 1.0, shift), node.scale(total, 1.0, constant)))
    return taps


@translates("GridSample")
def grid_sample(node, x, grid):
    mode = node.attr("mode", "linear")
    mode = {"bilinear": "linear", "bicubic": "cubic"}.get(mode, mode)
    if mode not in ("nearest", "linear", "cubic"):
        raise node.refuse("mode", mode, "nearest, linear or cubic")
    if not is_known(x.shape) or not is_known(grid.shape) or x.is_empty or grid.is_empty:
        raise node.refuse("X", list(x.shape), "known shapes")
    batch, channels, *spatial = x.shape
    rank, out = len(spatial), grid.shape[1:-1]
    count = math.prod(out)
    flat = node.reshape(grid, (batch, count, rank))
    axes = []
    for i, size in enumerate(spatial):
        # The grid tells the last axis first.
        part = node.reshape(node.slice_axis(flat, 2, rank - 1 - i, rank - i), (batch, count))
        axes.append(_axis_taps(node, _unnormalized(node, part, size), size, mode))
    source = node.transpose(node.reshape(x, (batch, channels, math.prod(spatial))), (0, 2, 1))
    result = _gathered(node, source, axes, spatial)
    return node.reshape(node.transpose(result, (0, 2, 1)), (batch, channels, *out))


def _axis_taps(node, places, size, mode):
    padding = node.attr("padding_mode", "zeros")
    if padding not in ("zeros", "border", "reflection"):
        raise node.refuse("padding_mode", padding, "zeros, border or reflection")
    if padding == "reflection" and mode != "cubic":
        places = _reflected(node, places, size)
    if padding == "border" and mode != "cubic":
        places = node.pointwise("clip", places, a_min=0.0, a_max=float(size - 1))
    taps = []
    for whole, weight in _taps(node, places, mode):
        if padding == "reflection":
            whole = node.pointwise("_npi_around", _reflected(node, whole, size))
        inside = None
        if padding == "zeros":
            low = node.binary("greater_equal", whole, node.const(0, whole.dtype))
            high = node.binary("less_equal", whole, node.const(size - 1, whole.dtype))
            inside = node.cast(node.binary("bit_and", low, high), whole.dtype)
        weight = inside if weight is None else weight
        if inside is not None and weight is not inside:
            weight = node.mul(weight, inside)
        clipped = node.pointwise("clip", whole, a_min=0.0, a_max=float(size - 1))
        taps.append((node.cast(clipped, "int64"), weight))
    return taps


def _gathered(node, source, axes, spatial):
    """Sums of elements of (batch, places, channels) at all pairs of taps, with their weights."""
    batch, _, channels = source.shape
    count = axes[0][0][0].shape[1]
    node.check_constant((batch, count), "int64")
    rows = np.broadcast_to(np.arange(batch)[:, None], (batch, count)).reshape(1, -1)
    rows = node.const(rows, "int64")
    total = None
    for taps in itertools.product(*axes):
        place = weight = None
        for (here, part), size in zip(taps, spatial):
            place = (
                here
                if place is None
                else node.add(node.mul(place, node.const(size, "int64")), here)
            )
            if part is not None:
                weight = part if weight is None else node.mul(weight, part)
        indices = node.concat([rows, node.reshape(place, (1, batch * count))], 0)
        found = node.op("gather_nd", source, indices).like(dtype=source.dtype)
        found = node.reshape(found, (batch, count, channels))
        if weight is not None:
            found = node.mul(found, node.expand_dims(weight, 2))
        total = found if total is None else node.add(total, found)
    return total
