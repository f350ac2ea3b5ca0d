"""Products of windows of two pictures, one of which is moved."""

import numpy as np

from ...registry import translates


@translates("Correlation")
def correlation(node, g):
    attrs, out = node.attrs, (node.out_size(2), node.out_size(3))
    pad, kernel, stride = attrs.pad_size, attrs.kernel_size, attrs.stride1
    border = g.ints(0, 0, pad, pad, 0, 0, pad, pad)
    first, second = (g.Pad(x, border) for x in node.inputs)
    sizes = np.array([(size - 1) * stride + kernel for size in out])
    reach = attrs.max_displacement // attrs.stride2
    start = np.full(2, attrs.max_displacement)
    still = _cut(g, first, start, sizes)
    parts = []
    for move in np.ndindex(2 * reach + 1, 2 * reach + 1):
        moved = _cut(g, second, start + (np.array(move) - reach) * attrs.stride2, sizes)
        both = g.Mul(still, moved) if attrs.is_multiply else g.Abs(g.Sub(still, moved))
        mean = g.reduce("ReduceMean", both, [1], True)
        parts.append(g.AveragePool(mean, kernel_shape=[kernel] * 2, strides=[stride] * 2))
    return parts[0] if len(parts) == 1 else g.Concat(*parts, axis=1)


def _cut(g, value, start, sizes):
    return g.Slice(value, g.ints(*start), g.ints(*(start + sizes)), g.ints(2, 3))
