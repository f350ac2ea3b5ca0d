"""Cutting arrays, joining them, and turning them around."""

import numpy as np

from ..registry import translates

_FAR = np.iinfo(np.int64).max


def _slices(node):
    """Starts, ends and steps of each axis that is cut, as Python's slices have them."""
    attrs = node.attrs
    steps = attrs.step or (None,) * len(attrs.begin)
    return [slice(*each) for each in zip(attrs.begin, attrs.end, steps)]


@translates("slice", kind="one")
def cut(node, g):
    starts, ends, steps = [], [], []
    for each in _slices(node):
        step = 1 if each.step is None else each.step
        steps.append(step)
        starts.append((0 if step > 0 else _FAR) if each.start is None else each.start)
        ends.append((_FAR if step > 0 else -_FAR) if each.stop is None else each.stop)
    axes = g.ints(*range(len(steps)))
    return g.Slice(node.inputs[0], g.ints(*starts), g.ints(*ends), axes, g.ints(*steps))


@translates("slice_axis", kind="one")
def slice_axis(node, g):
    attrs = node.attrs
    return g.slice(node.inputs[0], node.axis(attrs.axis), attrs.begin, attrs.end)


@translates("slice_like")
def slice_like(node, g):
    data, like = node.inputs
    axes = [node.axis(axis) for axis in node.attrs.axes] or list(range(node.rank(1)))
    sizes = [node.dims(1)[axis] for axis in axes]
    ends = [g.size(like, axis) if n is None else g.ints(n) for axis, n in zip(axes, sizes)]
    ends = ends[0] if len(ends) == 1 else g.Concat(*ends, axis=0)
    return g.Slice(data, g.ints(*[0] * len(axes)), ends, g.ints(*axes))


def _assigned(node, g, values):
    """The first input with other elements in a box of it."""
    shape = node.shape()
    places = np.arange(np.prod(shape)).reshape(shape)[tuple(_slices(node))].ravel()
    values = values(places) if callable(values) else g.Reshape(values, g.ints(-1))
    flat = g.Reshape(node.inputs[0], g.ints(-1))
    return g.Reshape(g.ScatterElements(flat, places.astype(np.int64), values), g.ints(*shape))


@translates("_slice_assign")
def slice_assign(node, g):
    return _assigned(node, g, node.inputs[1])


@translates("_slice_assign_scalar")
def slice_assign_scalar(node, g):
    value = node.attrs.scalar
    return _assigned(node, g, lambda places: np.full(places.shape, value, node.out_dtype()))


@translates("Crop")
def crop(node, g):
    attrs, height, width = node.attrs, node.out_size(2), node.out_size(3)
    top, left = attrs.offset
    if attrs.center_crop:
        top, left = (node.size(2) - height) // 2, (node.size(3) - width) // 2
    attrs.ignore("h_w")  # the shape of the result says it
    ends = g.ints(top + height, left + width)
    return g.Slice(node.inputs[0], g.ints(top, left), ends, g.ints(2, 3))


@translates("Concat", "_rnn_param_concat", kind="one")
def concat(node, g):
    dtype = node.out_dtype()
    parts = [node.input_as(i, dtype) for i in range(len(node.inputs))]
    return g.Concat(*parts, axis=node.axis(node.attrs.dim))


@translates("stack", "_npi_stack")
def stack(node, g):
    axis = node.attrs.axis % (node.rank() + 1)
    return g.Concat(*(g.unsqueeze(each, axis) for each in node.inputs), axis=axis)


def _split(node, g, axis, sizes, squeeze):
    parts = g.split(node.inputs[0], axis, sizes)
    return [g.squeeze(part, axis) for part in parts] if squeeze else parts


@translates("SliceChannel")
def slice_channel(node, g):
    attrs, axis = node.attrs, node.axis(node.attrs.axis)
    size = node.size(axis) // attrs.num_outputs
    return _split(node, g, axis, [size] * attrs.num_outputs, attrs.squeeze_axis)


@translates("_split_v2", ignores=("indices", "sections"))
def split_v2(node, g):
    axis, squeeze = node.axis(node.attrs.axis), node.attrs.squeeze_axis
    count = len(node.out_types)
    sizes = [1 if squeeze else node.out_size(axis, i) for i in range(count)]
    return _split(node, g, axis, sizes, squeeze)


@translates("tile", kind="one")
def tile(node, g):
    x, reps = node.inputs[0], list(node.attrs.reps)
    if len(reps) > node.rank():
        x = g.unsqueeze(x, *range(len(reps) - node.rank()))
    reps = [1] * (node.rank() - len(reps)) + reps
    return g.Tile(x, g.ints(*reps))


@translates("repeat")
def repeat(node, g):
    x, axis, count = node.inputs[0], node.attrs.axis, node.attrs.repeats
    if axis is None:
        wide = g.Tile(g.Reshape(x, g.ints(-1, 1)), g.ints(1, count))
        return g.Reshape(wide, g.ints(-1))
    axis = node.axis(axis)
    reps = [1] * (axis + 1) + [count] + [1] * (node.rank() - axis - 1)
    wide = g.Tile(g.unsqueeze(x, axis + 1), g.ints(*reps))
    return g.reshape(wide, [0] * axis + [None, *node.sizes(g)[axis + 1 :]])


@translates("reverse", kind="one")
def reverse(node, g):
    given = [node.axis(axis) for axis in node.attrs.axis]
    # An axis that is turned around twice is as it was.
    axes = [axis for axis in range(node.rank()) if given.count(axis) % 2]
    return turned(g, node.inputs[0], axes) if axes else node.inputs[0]


@translates("_npi_flip", kind="one")
def flip(node, g):
    axes = node.attrs.axis
    axes = range(node.rank()) if axes is None else sorted({node.axis(axis) for axis in axes})
    return turned(g, node.inputs[0], list(axes)) if axes else node.inputs[0]


def turned(g, value, axes):
    """The value with the order of elements reversed along axes."""
    n = len(axes)
    ends = [g.ints(*each) for each in ([-1] * n, [-_FAR] * n, axes, [-1] * n)]
    return g.Slice(value, *ends)


@translates("Pad", kind="one")
def pad(node, g):
    attrs = node.attrs
    widths = attrs.pad_width
    value = g.number(attrs.constant_value, node.out_dtype()) if attrs.mode == "constant" else None
    return g.Pad(node.inputs[0], g.ints(*widths[::2], *widths[1::2]), value, mode=attrs.mode)
