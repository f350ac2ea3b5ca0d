"""Sums, means and the like over axes."""

import numpy as np

from ..... import error
from ...dtypes import computed_in, is_bool, is_float
from ...registry import translates
from ...values import Size, Value, as_integers


def _mean(node, x, axes, keep):
    if is_float(x.dtype):
        return node.reduce("mean", x, axes, keep)
    exact = node.reduce("mean", node.cast(x, "float64"), axes, keep)
    return node.cast(exact, x.dtype)


def _sum(node, x, axes, keep):
    return node.reduce("sum", x, axes, keep)


def _abs_sum(node, x, axes, keep):
    return _sum(node, node.pointwise("abs", x), axes, keep)


def _square_sum(node, x, axes, keep):
    return _sum(node, node.mul(x, x), axes, keep)


def _l2(node, x, axes, keep):
    return node.pointwise("sqrt", _square_sum(node, x, axes, keep))


def _log_sum(node, x, axes, keep):
    return node.pointwise("log", _sum(node, x, axes, keep))


def _log_sum_exp(node, x, axes, keep):
    top = node.reduce("max", x, axes, True)
    finite = node.pointwise("_npi_isfinite", top, "bool")
    top = node.where(finite, top, node.const(0, x.dtype))
    total = _sum(node, node.pointwise("exp", node.sub(x, top)), axes, True)
    result = node.add(node.pointwise("log", total), top)
    return result if keep else _without(node, result, axes)


def _without(node, x, axes):
    return node.reshape(x, [size for i, size in enumerate(x.shape) if i not in axes])


def _extreme(name):
    def reduce(node, x, axes, keep):
        return node.reduce(name, x, axes, keep)

    return reduce


# The function, and what it is of no elements: a number, or the largest or smallest of the dtype.
_KINDS = {
    "ReduceSum": (_sum, 0),
    "ReduceMean": (_mean, np.nan),
    "ReduceMax": (_extreme("max"), "lowest"),
    "ReduceMin": (_extreme("min"), "highest"),
    "ReduceProd": (_extreme("prod"), 1),
    "ReduceL1": (_abs_sum, 0),
    "ReduceL2": (_l2, 0),
    "ReduceLogSum": (_log_sum, -np.inf),
    "ReduceLogSumExp": (_log_sum_exp, -np.inf),
    "ReduceSumSquare": (_square_sum, 0),
}


def _register(operator, function, of_nothing):
    last = 12 if operator == "ReduceSum" else 17

    @translates(operator, until=last)
    def with_attribute(node, x):
        return _reduce(node, x, node.attr("axes"), function, of_nothing)

    @translates(operator, since=last + 1)
    def with_input(node, x, axes=None):
        numbers = None if axes is None else as_integers(node.need(axes, "axes"))
        return _reduce(node, x, numbers, function, of_nothing)


def _reduce(node, x, axes, function, of_nothing):
    if not axes:
        if node.attr("noop_with_empty_axes", 0):
            axes = []
        else:
            axes = range(x.rank)
    axes = node.axes(axes, x.rank)
    keep = bool(node.attr("keepdims", 1))
    if x.is_empty:
        return _of_nothing(x, axes, keep, of_nothing)
    dtype = x.dtype
    if is_bool(dtype):
        x = node.cast(x, "uint8")
    return node.cast(function(node, x, axes, keep), dtype)


def _of_nothing(x, axes, keep, number):
    stored = computed_in(x.dtype)
    if number in ("lowest", "highest"):
        sign = -1 if number == "lowest" else 1
        if is_float(x.dtype):
            number = sign * np.inf
        elif is_bool(x.dtype):
            number = sign > 0
        else:
            number = np.iinfo(stored).min if sign < 0 else np.iinfo(stored).max
    shape = [1 if i in axes else s for i, s in enumerate(x.shape) if keep or i not in axes]
    return Value.constant(np.full(shape, number).astype(stored), x.dtype)


for _operator, (_function, _number) in _KINDS.items():
    _register(_operator, _function, _number)


def _arg(node, x, name):
    axis = node.axis(node.attr("axis", 0), x.rank)
    if x.is_empty:
        raise error.ValueError(
            f"{node.title}: data has the shape {list(x.shape)}; elements are expected"
        )
    if node.attr("select_last_index", 0):
        back = node.op(name, node.op("reverse", x, axis=axis), axis=axis, keepdims=True)
        result = node.scale(back, -1.0, float(x.shape[axis] - 1))
    else:
        result = node.op(name, x, axis=axis, keepdims=True)
    shape = [1 if i == axis else size for i, size in enumerate(x.shape)]
    result = node.cast(result.like(shape), "int64")
    return result if node.attr("keepdims", 1) else _without(node, result, [axis])


@translates("ArgMax")
def arg_max(node, x):
    return _arg(node, x, "argmax")


@translates("ArgMin")
def arg_min(node, x):
    return _arg(node, x, "argmin")


@translates("CumSum")
def cumulative_sum(node, x, axis):
    axis = node.axis(node.need(axis, "axis").reshape(-1)[0], x.rank)
    if node.attr("reverse", 0):
        x = node.op("reverse", x, axis=axis).like(dtype=x.dtype)
    result = node.op("cumsum", x, axis=axis).like(dtype=x.dtype)
    if node.attr("exclusive", 0):
        result = node.sub(result, x)
    if node.attr("reverse", 0):
        return node.op("reverse", result, axis=axis).like(dtype=x.dtype)
    return result


@translates("CumProd")
def cumulative_product(node, x, axis):
    axis = node.axis(node.need(axis, "axis").reshape(-1)[0], x.rank)
    size = x.shape[axis]
    if isinstance(size, Size):
        raise node.refuse("x", list(x.shape), "a known size of the axis (input_shapes)")
    node.check_steps(size, "elements")
    steps = list(range(size))
    if node.attr("reverse", 0):
        steps.reverse()
    pieces = [node.slice_axis(x, axis, i, i + 1) for i in steps]
    one = node.full(pieces[0].shape, 1, x.dtype)
    results, total = [], one
    for piece in pieces:
        before, total = total, node.mul(total, piece)
        results.append(before if node.attr("exclusive", 0) else total)
    if node.attr("reverse", 0):
        results.reverse()
    return node.concat(results, axis)


@translates("TopK", until=9)
def top_k_attribute(node, x):
    return _top_k(node, x, node.attr("k", 1))


@translates("TopK", since=10)
def top_k(node, x, k):
    return _top_k(node, x, int(node.need(k, "K").reshape(-1)[0]))


def _top_k(node, x, k):
    axis = node.axis(node.attr("axis", -1), x.rank)
    shape = (*x.shape[:axis], k, *x.shape[axis + 1 :])
    values, places = node.ops(
        "topk",
        x,
        axis=axis,
        k=k,
        ret_typ="both",
        is_ascend=not node.attr("largest", 1),
        dtype="int32",
    )
    return values.like(shape, x.dtype), node.cast(places, "int64").like(shape)
