"""Sums, products and joins of whole numbers that have ranges of their own."""

import numpy as np

from ..registry import translates
from . import ranges


def _sides(node, g, factor=1.0):
    """Both sides in units of 1 / factor, and their magnitudes."""
    sizes = [ranges.magnitude(node, g, 2 + 2 * i) for i in range(2)]
    values = []
    for i, size in enumerate(sizes):
        step = np.float32(ranges.real_step(node.dtype(i), size)) * np.float32(factor)
        values.append(ranges.to_real(g, node.inputs[i], step, node.dtype(i)))
    return values, sizes


@translates("_contrib_quantized_elemwise_add")
def quantized_add(node, g):
    """In 8 bits when its range was calibrated; sums are real numbers here."""
    bounds, dtype = ranges.calibrated(node), node.out_dtype()
    if bounds is None:
        values, sizes = _sides(node, g)
        return [g.Add(*values), *ranges.ends(g, -sum(sizes), sum(sizes))]
    size = max(map(abs, bounds))
    values, _ = _sides(node, g, 1 / ranges.real_step(dtype, size) if size else 0)
    if node.dtype(0) != node.dtype(1):
        # Both sides are rounded first.
        values = [
            ranges.to_real(g, ranges.to_whole(g, each, 1, np.int8), 1, np.int8) for each in values
        ]
    return [ranges.to_whole(g, g.Add(*values), 1, dtype), *ranges.ends(g, *bounds)]


@translates("_contrib_quantized_elemwise_mul")
def quantized_mul(node, g):
    bounds = ranges.calibrated(node)
    product = g.Mul(*_sides(node, g)[0])
    if node.attrs.enable_float_output:
        return product
    if bounds is None:
        node.refuse("takes its range from data", "quantize with calib_mode='naive'")
    step = ranges.real_step(np.int8, max(map(abs, bounds)))
    return [ranges.to_whole(g, product, step, np.int8), *ranges.ends(g, *bounds)]


@translates("_contrib_quantized_concat")
def quantized_concat(node, g):
    """All parts in the widest of their ranges."""
    count, dtype = len(node.inputs) // 3, node.out_dtype()
    bounds = [node.inputs[count + i] for i in range(2 * count)]
    sizes = [ranges.magnitude(node, g, count + 2 * i) for i in range(count)]
    low, high = (
        float(choose(g.constant_of(end).ravel()[0] for end in bounds[start::2]))
        for choose, start in ((min, 0), (max, 1))
    )
    step = ranges.real_step(dtype, max(abs(low), abs(high)))
    parts = []
    for i, size in enumerate(sizes):
        own = ranges.real_step(node.dtype(i), size)
        part = node.inputs[i]
        if own != step or node.dtype(i) != dtype:
            ratio = np.float32(own) / np.float32(step) if step else np.float32(0)
            part = ranges.to_whole(g, ranges.to_real(g, part, ratio, node.dtype(i)), 1, dtype)
        parts.append(part)
    return [g.Concat(*parts, axis=node.axis(node.attrs.dim)), *ranges.ends(g, low, high)]
