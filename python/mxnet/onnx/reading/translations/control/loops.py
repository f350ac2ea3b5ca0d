"""Scan and Loop: step by step where the number of steps is known and small, else as operators."""

import numpy as np

from ..... import error
from ..... import symbol as sym
from ...registry import translates
from ...values import Size, Value, stored_shape

# Loops of at most so many known steps are written out, so that what follows from the number of the
# step (places of slices, shapes) is a constant.
_WRITTEN_OUT = 256
# Longer loops are one operator, whose results take that many rows.
_MOST_STEPS = 1 << 16
_ENDLESS = (1 << 31) - 1


def _outer(node, x, axis):
    """A tensor with an axis moved to the front."""
    axis = node.axis(axis, x.rank)
    return node.transpose(x, [axis, *[i for i in range(x.rank) if i != axis]])


def _inner(node, x, axis):
    """A tensor with its first axis moved back."""
    axis = node.axis(axis, x.rank)
    order = list(range(1, x.rank))
    order.insert(axis, 0)
    return node.transpose(x, order)


def _row(node, x, i):
    return node.reshape(node.slice_axis(x, 0, i, i + 1), x.shape[1:])


def _stack(node, rows):
    return node.concat([node.expand_dims(row, 0) for row in rows], 0)


@translates("Scan", until=8)
def scan_batched(node, lengths, *values):
    if lengths is not None:
        raise node.refuse("sequence_lens", list(lengths.shape), "none, or opset 9")
    count = node.attr("num_scan_inputs")
    directions = node.attr("directions")
    states, data = values[: len(values) - count], values[len(values) - count :]
    batch = data[0].shape[0]
    if isinstance(batch, Size):
        raise node.refuse("inputs", list(data[0].shape), "a known batch (input_shapes)")
    node.check_steps(batch, "rows")
    results = []
    for b in range(batch):
        rows = [_row(node, value, b) for value in (*states, *data)]
        zeros = [0] * max(len(node.proto.output), count)
        results.append(_scan(node, rows, count, directions, None, zeros, zeros))
    return [_stack(node, parts) for parts in zip(*results)]


@translates("Scan", since=9)
def scan(node, *values):
    count = node.attr("num_scan_inputs")
    outputs = len(node.proto.output) - (len(values) - count)
    return _scan(
        node,
        list(values),
        count,
        node.attr("scan_input_directions"),
        node.attr("scan_output_directions"),
        node.attr("scan_input_axes") or [0] * count,
        node.attr("scan_output_axes") or [0] * outputs,
    )


def _scan(node, values, count, in_directions, out_directions, in_axes, out_axes):
    if not isinstance(count, int) or not 1 <= count <= len(values):
        raise error.ValueError(
            f"{node.title}: num_scan_inputs={count} of Scan; 1 to {len(values)} is expected"
        )
    states, data = values[: len(values) - count], values[len(values) - count :]
    data = [_outer(node, x, axis) for x, axis in zip(data, in_axes)]
    backward = in_directions or [0] * count
    data = [
        node.op("reverse", x, axis=0).like(dtype=x.dtype) if back else x
        for x, back in zip(data, backward)
    ]
    steps = data[0].shape[0]
    if all(x.is_constant for x in values):
        states, outputs = _written_out_scan(node, states, data, steps)
    else:
        states, outputs = _foreach(node, states, data, steps)
    outputs = [
        node.op("reverse", x, axis=0).like(dtype=x.dtype) if back else x
        for x, back in zip(outputs, out_directions or [0] * len(outputs))
    ]
    return (*states, *[_inner(node, x, axis) for x, axis in zip(outputs, out_axes)])


def _written_out_scan(node, states, data, steps):
    body, rows = node.attr("body"), []
    for i in range(steps):
        node.reader.model.count_node()
        inputs = [*states, *[_row(node, x, i) for x in data]]
        results = node.run_body(body, inputs, f"{node.title}/{i}/")
        states, row = results[: len(states)], results[len(states) :]
        rows.append(row)
    return states, [_stack(node, part) for part in zip(*rows)]


def _foreach(node, states, data, steps):
    """The loop as one operator."""
    builder, body, seen = node.reader.builder, node.attr("body"), {}

    def step(slices, current):
        inputs = [Value(value.shape, value.dtype, symbol) for value, symbol in zip(states, current)]
        inputs += [
            Value(x.shape[1:], x.dtype, _reshaped(symbol, x.shape[1:]))
            for x, symbol in zip(data, slices)
        ]
        results = node.run_body(body, inputs, f"{node.title}/")
        seen["results"] = results
        after = _used([builder.symbol_of(value) for value in results], [*slices, *current], results)
        return after[len(states) :], after[: len(states)]

    rows, last = sym.contrib.foreach(
        step,
        [builder.symbol_of(x) for x in data],
        [builder.symbol_of(x) for x in states],
        name=node.title,
    )
    return _states_and_rows(node, states, seen["results"], rows, last, steps)


def _reshaped(symbol, shape):
    """A slice of numbers has no axes in the body; here it has one."""
    return sym.reshape(symbol, shape=(1,)) if shape == () else symbol


def _used(symbols, arguments, values):
    """Results that depend on all arguments of a body, as operators of loops ask for."""
    names = set(sym.Group(symbols).list_inputs())
    for argument in arguments:
        if argument.name not in names:
            nothing = sym.sum(sym.zeros_like(argument))
            nothing = sym.cast(nothing, dtype=np.dtype(_stored(values[0])))
            symbols[0] = sym.broadcast_add(
                symbols[0], sym.reshape(nothing, shape=(1,) * len(stored_shape(values[0].shape)))
            )
    return symbols


def _stored(value):
    from ...dtypes import computed_in

    return computed_in(value.dtype)


@translates("Loop")
def loop(node, limit=None, condition=None, *states):
    body = node.attr("body")
    count = None
    if limit is not None:
        count = int(node.need(limit, "M").reshape(-1)[0])
    go_on = condition is None or bool(node.need(condition, "cond").reshape(-1)[0])
    first, states, rows, i = list(states), list(states), [], 0
    cond = node.const(go_on, "bool")
    while go_on and (count is None or i < count):
        if i >= _WRITTEN_OUT and not all(value.is_constant for value in states):
            if count is None:
                raise node.refuse("M", count, "a number of steps")
            return _counted(node, count, first)
        if i >= _WRITTEN_OUT**2:
            raise node.refuse("M", count, f"at most {_WRITTEN_OUT**2} steps")
        step = node.const(np.array(i), "int64")
        results = node.run_body(body, [step, cond, *states], f"{node.title}/{i}/")
        cond = results[0]
        if not cond.is_constant:
            return _while(node, count, first)
        states = results[1 : 1 + len(states)]
        rows.append(results[1 + len(states) :])
        go_on, i = bool(cond.array().reshape(-1)[0]), i + 1
    outputs = len(node.proto.output) - len(states)
    if not rows:
        return (*states, *[_nothing(node, body, k + 1 + len(states)) for k in range(outputs)])
    return (*states, *[_stack(node, part) for part in zip(*rows)])


def _counted(node, count, states):
    """A loop of many steps whose number is known, as one operator over their numbers."""
    if count > _MOST_STEPS:
        raise node.refuse("M", count, f"at most {_MOST_STEPS} steps")
    builder, body, seen = node.reader.builder, node.attr("body"), {}
    numbers = node.const(np.arange(count), "int64")

    def step(number, current):
        inputs = [
            Value((), "int64", number),
            node.const(True, "bool"),
            *[Value(v.shape, v.dtype, s) for v, s in zip(states, current)],
        ]
        results = node.run_body(body, inputs, f"{node.title}/")
        seen["cond"], results = results[0], results[1:]
        seen["results"] = results
        symbols = [builder.symbol_of(value) for value in results]
        after = _used(symbols, [number, *current], results)
        return after[len(states) :], after[: len(states)]

    rows, last = sym.contrib.foreach(
        step,
        builder.symbol_of(numbers),
        [builder.symbol_of(value) for value in states],
        name=node.title,
    )
    cond = seen["cond"]
    if not (cond.is_constant and cond.array().reshape(-1)[0]):
        return _while(node, count, states)
    finals, stacked = _states_and_rows(node, states, seen["results"], rows, last, count)
    return (*finals, *stacked)


def _states_and_rows(node, states, results, rows, last, steps):
    """What a loop of so many steps leaves, and what it has stacked."""
    for before, after in zip(states, results):
        if before.shape != after.shape:
            raise node.refuse(
                "body", [list(before.shape), list(after.shape)], "states that keep their shape"
            )
    finals = [Value(v.shape, v.dtype, symbol) for v, symbol in zip(results, last)]
    stacked = [
        node.reshape(
            Value((steps, *stored_shape(value.shape)), value.dtype, symbol),
            (steps, *value.shape),
        )
        for value, symbol in zip(results[len(states) :], rows)
    ]
    return finals, stacked


def _nothing(node, body, index):
    """What a loop of no steps stacks."""
    from ...graph import declared, empty_value

    shape, dtype = declared(body.output[index])
    sizes = [size if isinstance(size, int) else 0 for size in shape or ()]
    return empty_value((0, *sizes), dtype)


def _while(node, count, states):
    """A loop whose end follows from data, as one operator."""
    builder, body, seen = node.reader.builder, node.attr("body"), {}
    if len(node.proto.output) == len(states):
        # Nothing is stacked, so that no result has this size.
        count = _ENDLESS if count is None else count
    elif count is None or count > _MOST_STEPS:
        raise node.refuse("M", count, f"at most {_MOST_STEPS} steps, as the result needs a size")
    first = [node.const(np.array([0]), "int64"), node.const(np.array([1]), "int32"), *states]

    def func(*variables):
        step, go_on, *current = variables
        inputs = [
            Value((), "int64", step),
            node.cast(Value((), "int32", go_on), "bool"),
            *[Value(v.shape, v.dtype, s) for v, s in zip(states, current)],
        ]
        results = node.run_body(body, inputs, f"{node.title}/")
        seen["results"] = results
        flag = builder.symbol_of(node.cast(results[0], "int32"))
        after = [builder.symbol_of(value) for value in results[1:]]
        after = _used([flag, *after], [go_on, *current], [Value((1,), "int32"), *results[1:]])
        return after[1 + len(states) :], [step + 1, *after[: 1 + len(states)]]

    rows, last = sym.contrib.while_loop(
        lambda step, go_on, *current: go_on,
        func,
        [builder.symbol_of(value) for value in first],
        max_iterations=count,
        name=node.title,
    )
    results = seen["results"][1:]
    finals = [Value(v.shape, v.dtype, s) for v, s in zip(results, last[2:])]
    done = Value((1,), "int64", last[0])
    outputs = []
    for value, symbol in zip(results[len(states) :], rows):
        whole = Value((count, *stored_shape(value.shape)), value.dtype, symbol)
        whole = node.reshape(whole, (count, *value.shape))
        there = node.binary("less", node.const(np.arange(count), "int64"), done)
        outputs.append(
            node.op("_contrib_boolean_mask", whole, node.cast(there, "int32"), axis=0).like(
                dtype=value.dtype
            )
        )
    return (*finals, *outputs)
