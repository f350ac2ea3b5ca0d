"""mx.np's operators that move elements, beside those that have a name in ONNX."""

import numpy as np

from ..registry import translates
from .diag import make_diagonal, take_diagonal
from .pieces import turned


@translates("_np_moveaxis", kind="one")
def moveaxis(node, g):
    attrs, rank = node.attrs, node.rank()
    sources = [node.axis(axis) for axis in attrs.source]
    places = dict(zip((node.axis(axis) for axis in attrs.destination), sources))
    others = iter(axis for axis in range(rank) if axis not in sources)
    perm = [places[axis] if axis in places else next(others) for axis in range(rank)]
    return g.Transpose(node.inputs[0], perm=perm)


@translates("_npi_rot90")
def rot90(node, g):
    turns = node.attrs.k % 4
    first, second = (node.axis(axis) for axis in node.attrs.axes)
    backwards = {0: [], 1: [second], 2: sorted((first, second)), 3: [first]}[turns]
    x = turned(g, node.inputs[0], backwards) if backwards else node.inputs[0]
    if turns % 2 == 0:
        return x
    perm = list(range(node.rank()))
    perm[first], perm[second] = second, first
    return g.Transpose(x, perm=perm)


def _rolled(g, x, axis, shift):
    """A negative start of a slice counts from the end."""
    if shift == 0:
        return x
    return g.Concat(g.slice(x, axis, -shift, None), g.slice(x, axis, 0, -shift), axis=axis)


@translates("_np_roll")
def roll(node, g):
    attrs, x = node.attrs, node.inputs[0]
    if attrs.axis is None:
        flat = _rolled(g, g.Reshape(x, g.ints(-1)), 0, attrs.shift[0] % np.prod(node.shape()))
        return g.reshape(flat, node.out_dims())
    shifts = attrs.shift if len(attrs.shift) > 1 else attrs.shift * len(attrs.axis)
    for axis, shift in zip((node.axis(axis) for axis in attrs.axis), shifts):
        x = _rolled(g, x, axis, shift % node.size(axis))
    return x


@translates("_npi_concatenate")
def concatenate(node, g):
    axis = node.attrs.axis
    if axis is None:
        return g.Concat(*(g.Reshape(x, g.ints(-1)) for x in node.inputs), axis=0)
    return g.Concat(*node.inputs, axis=node.axis(axis))


# Where inputs of few axes get those that they lack, by the number of axes that they have.
_ROWS = {0: (0, 1), 1: (0,)}
_COLUMNS = {0: (0, 1), 1: (1,)}
_VECTORS = {0: (0,)}
_PLANES = {0: (0, 1, 2), 1: (0, 2), 2: (2,)}


def _raised(node, g, missing):
    return [
        g.unsqueeze(x, *missing[node.rank(i)]) if node.rank(i) in missing else x
        for i, x in enumerate(node.inputs)
    ]


@translates("_npi_vstack")
def vstack(node, g):
    return g.Concat(*_raised(node, g, _ROWS), axis=0)


@translates("_npi_hstack", ignores=("dim",))
def hstack(node, g):
    return g.Concat(*_raised(node, g, _VECTORS), axis=1 if node.rank() > 1 else 0)


@translates("_npi_dstack", ignores=("dim",))
def dstack(node, g):
    return g.Concat(*_raised(node, g, _PLANES), axis=2)


@translates("_npi_column_stack")
def column_stack(node, g):
    return g.Concat(*_raised(node, g, _COLUMNS), axis=1)


@translates("_np_atleast_1d", "_np_atleast_2d", "_np_atleast_3d")
def atleast(node, g):
    least = {"_np_atleast_1d": _VECTORS, "_np_atleast_2d": _ROWS, "_np_atleast_3d": _PLANES}
    return _raised(node, g, least[node.op])


def _axis_parts(node, g, axis):
    sizes = [node.out_size(axis, i) for i in range(len(node.out_types))]
    if node.attrs.squeeze_axis:
        node.refuse("has no meaning in ONNX", "leave it at its default", "squeeze_axis")
    return g.split(node.inputs[0], axis, sizes)


@translates("_npi_hsplit", ignores=("axis", "indices", "sections"))
def hsplit(node, g):
    return _axis_parts(node, g, min(node.rank() - 1, 1))


@translates("_npi_dsplit", ignores=("axis", "indices", "sections"))
def dsplit(node, g):
    return _axis_parts(node, g, 2)


@translates("_np_diagonal")
def diagonal(node, g):
    attrs = node.attrs
    return take_diagonal(node, g, attrs.offset, (node.axis(attrs.axis1), node.axis(attrs.axis2)))


@translates("_np_diag")
def diag(node, g):
    if node.rank() == 1:
        return make_diagonal(node, g, node.attrs.k)
    return take_diagonal(node, g, node.attrs.k, (0, 1))


@translates("_np_trace")
def trace(node, g):
    return g.reduce("ReduceSum", diagonal(node, g), [node.rank() - 2])


@translates("_npi_diag_indices_from", kind="folded")
def diag_indices_from(node, g):
    return g.constant(node.evaluate())


@translates("_npi_boolean_mask_assign_scalar")
def mask_assign_scalar(node, g):
    attrs, dtype = node.attrs, node.out_dtype()
    behind = range(node.rank(1), node.rank() - attrs.start_axis)
    mask = g.unsqueeze(node.inputs[1], *behind) if behind else node.inputs[1]
    return g.Where(g.cast(mask, bool), g.number(attrs.value, dtype), node.inputs[0])


@translates("_npi_tril")
def tril(node, g):
    zero = g.number(0, node.out_dtype())
    rows, columns = node.out_size(-2), node.out_size(-1)
    return g.Where(g.constant(np.tri(rows, columns, node.attrs.k, bool)), node.inputs[0], zero)
