"""Operators that make tensors."""

import numpy as np

from ..... import error
from ...dtypes import computed_in, from_enum
from ...files import tensor_value
from ...registry import translates
from ...values import Size, Value, is_known
from .shape import sizes_in


@translates("Constant")
def constant(node):
    tensor = node.attr("value")
    if tensor is not None:
        return tensor_value(tensor, node.reader.model)
    for name, dtype in (
        ("value_float", np.float32),
        ("value_floats", np.float32),
        ("value_int", np.int64),
        ("value_ints", np.int64),
    ):
        if node.has(name):
            return Value.constant(np.array(node.attr(name), dtype))
    raise node.refuse("value", [a.name for a in node.proto.attribute], "a tensor of numbers")


@translates("ConstantOfShape")
def constant_of_shape(node, shape):
    tensor = node.attr("value")
    sizes = sizes_in(node, shape, "input")
    if tensor is None:
        return node.full(sizes, 0, "float32")
    single = tensor_value(tensor, node.reader.model)
    if single.array().size != 1:
        raise error.ValueError(
            f"{node.title}: value of shape {list(single.shape)} of ConstantOfShape is no number; "
            "one element is expected"
        )
    return node.full(sizes, single.array().reshape(-1)[0], single.dtype)


@translates("Range")
def numbers(node, start, limit, delta):
    if limit.arrays is not None and not limit.is_constant:
        return _open_range(node, start, limit, delta)
    ends = [
        node.need(value, name).reshape(-1)[0]
        for value, name in ((start, "start"), (limit, "limit"), (delta, "delta"))
    ]
    if ends[2] == 0:
        raise error.ValueError(f"{node.title}: delta=0 of Range; another number is expected")
    count = max(int(np.ceil((float(ends[1]) - float(ends[0])) / float(ends[2]))), 0)
    node.check_constant((count,), start.dtype)
    steps = np.arange(count).astype(computed_in(start.dtype))
    return Value.constant((ends[0] + steps * ends[2]).astype(steps.dtype), start.dtype)


def _open_range(node, start, limit, delta):
    """Numbers up to one that follows from an open size."""
    first = node.need(start, "start").reshape(-1)[0].item()
    step = node.need(delta, "delta").reshape(-1)[0].item()
    ends = [array.reshape(-1)[0].item() for array in limit.arrays]
    counts = [max(-int((first - end) // step), 0) for end in ends]
    line = node.scale(node.count_up(Size(*counts)), step, first)
    return node.cast(line, start.dtype)


@translates("EyeLike")
def eye_like(node, x):
    dtype = from_enum(node.attr("dtype", 0)) if node.has("dtype") else x.dtype
    if x.rank != 2 or not is_known(x.shape):
        raise node.refuse("input", list(x.shape), "a matrix of known shape")
    node.check_constant(x.shape, dtype)
    array = np.eye(*x.shape, node.attr("k", 0), dtype=computed_in(dtype))
    return Value.constant(array, dtype)


@translates("OneHot")
def one_hot(node, indices, depth, values):
    count = int(node.need(depth, "depth").reshape(-1)[0])
    axis = node.axis(node.attr("axis", -1), indices.rank + 1)
    dtype = "int64" if indices.dtype not in ("float32", "int32") else indices.dtype
    shape = [1] * (indices.rank + 1)
    shape[axis] = count
    if count <= 0:
        raise error.ValueError(f"{node.title}: depth={count} of OneHot; at least 1 is expected")
    node.check_constant((count,), "int64")
    classes = node.const(np.arange(count).reshape(shape), dtype)
    chosen = node.expand_dims(node.cast(indices, dtype), axis)
    negative = node.cast(node.binary("less", chosen, node.const(0, dtype)), dtype)
    chosen = node.add(chosen, node.mul(negative, node.const(count, dtype)))
    hot = node.binary("equal", classes, chosen)
    off, on = (node.reshape(node.slice_axis(values, 0, i, i + 1), ()) for i in (0, 1))
    return node.where(hot, on, off)


@translates("Trilu")
def triangle(node, x, k=None):
    shift = 0 if k is None else int(node.need(k, "k").reshape(-1)[0])
    rows, columns = x.shape[-2:]
    if x.is_empty:
        return x
    if not is_known((rows, columns)):
        raise node.refuse("input", list(x.shape), "a known size of the matrices")
    node.check_constant((rows, columns), "int64")
    difference = np.arange(columns)[None, :] - np.arange(rows)[:, None]
    kept = difference >= shift if node.attr("upper", 1) else difference <= shift
    return node.where(node.const(kept, "bool"), x, node.const(0, x.dtype))


@translates("NonZero")
def non_zero(node, x):
    x = x if x.dtype != "bool" else node.cast(x, "int32")
    if x.rank == 0:
        x = node.reshape(x, (1,))
    return node.transpose(node.op("_npx_nonzero", x), (1, 0))
