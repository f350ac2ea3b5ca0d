"""Functions of `mx.nd.contrib` that are no operators: tests, loops, conditions, candidates."""

import functools

import numpy as np

from .. import _candidates, _core, error
from .._core import NDArray
from ..context import current_context
from . import random

__all__ = ["isinf", "isnan", "isfinite", "foreach", "while_loop", "cond", "rand_zipfian"]

_stack = _core.op_function("stack", "stack", __name__)
_zeros_like = _core.op_function("zeros_like", "zeros_like", __name__)
_abs = _core.op_function("abs", "abs", __name__)


def isinf(data):
    """1 where an element is infinite, else 0."""
    return _abs(data) == np.inf


def isnan(data):
    """1 where an element is not a number, else 0."""
    return data != data


def isfinite(data):
    """1 where an element is a finite number, else 0."""
    return (data == data) * (_abs(data) != np.inf)


def _as_list(value):
    if isinstance(value, NDArray):
        return [value]
    if not isinstance(value, (list, tuple)):
        raise error.AssertedTypeError(
            f"control flow: {value!r} is of type {type(value).__name__}; expected an NDArray or a "
            "list of them"
        )
    return list(value)


def _like(example, values):
    """One array where one was given, else a list."""
    return values[0] if isinstance(example, NDArray) and values else values


def _stacked(steps, example):
    """The outputs of all steps, each stacked along a new first axis."""
    return _like(example, [_stack(*column, axis=0) for column in zip(*map(_as_list, steps))])


def foreach(body, data, init_states):
    """Run a function over the first axis of arrays.

    Args:
        body (function): ``outputs, states = body(slices, states)``.
        data (NDArray or list of NDArray): What is sliced.
        init_states (NDArray or list of NDArray): The states of the first call.

    Returns:
        tuple: The outputs stacked along a new first axis, and the last states.
    """
    states, steps = init_states, []
    for i in range(len(_as_list(data)[0])):
        output, states = body(_like(data, [array[i] for array in _as_list(data)]), states)
        steps.append(output)
    return (_stacked(steps, steps[0]) if steps else []), states


def _whole(max_iterations):
    try:
        return int(max_iterations)
    except (TypeError, ValueError):
        raise error.ValueError(
            f"while_loop: max_iterations={max_iterations!r} is no number; expected an int"
        ) from None


def while_loop(cond, func, loop_vars, max_iterations=None):
    """Run a function as long as a condition holds.

    Args:
        cond (function): ``cond(*loop_vars)`` is true to go on.
        func (function): ``outputs, loop_vars = func(*loop_vars)``.
        loop_vars (NDArray or list of NDArray): The variables at the beginning.
        max_iterations (int): When to stop at the latest.

    Returns:
        tuple: The outputs stacked along a new first axis, padded with zeros up to
        `max_iterations`, and the last variables in the form of `loop_vars`.
    """
    if max_iterations is None:
        raise error.ValueError("while_loop: max_iterations is missing; expected an int")
    max_iterations = _whole(max_iterations)
    variables, steps = _as_list(loop_vars), []
    if not variables:
        raise error.ValueError("while_loop: loop_vars is empty; expected at least one NDArray")
    while len(steps) < max_iterations and bool(cond(*variables)):
        output, variables = func(*variables)
        variables = _as_list(variables)
        steps.append([] if output is None else output)
    last = _like(loop_vars, variables)
    if not steps:
        return [], last
    padding = [_zeros_like(array) for array in _as_list(steps[0])]
    padded = steps + [_like(steps[0], padding)] * (max_iterations - len(steps))
    return _stacked(padded, steps[0]), last


def cond(pred, then_func, else_func):
    """Call one of two functions without arguments.

    Args:
        pred (NDArray): One element; nonzero calls `then_func`.
        then_func (function): Called when it holds.
        else_func (function): Called otherwise.
    """
    return then_func() if bool(pred) else else_func()


def rand_zipfian(true_classes, num_sampled, range_max, ctx=None):
    """Draw candidates for sampled losses by an approximately log-uniform distribution.

    Class k has the probability log((k + 2) / (k + 1)) / log(range_max + 1), so that classes should
    be sorted by their frequency, the most frequent first.

    Args:
        true_classes (NDArray): Classes of the targets, of any shape.
        num_sampled (int): How many classes to draw; one may come several times.
        range_max (int): Number of classes.
        ctx (Context): Where to draw; None for the current context.

    Returns:
        tuple of NDArray: The classes, of shape (num_sampled,) in int64; how often each of
        `true_classes` and each of the drawn ones can be expected among them, in float64.

    Raises:
        ValueError: `num_sampled` or `range_max` is not positive.
    """
    ctx = current_context() if ctx is None else ctx
    uniform = functools.partial(random.uniform, ctx=ctx)
    return _candidates.zipfian(uniform, true_classes.as_in_context(ctx), num_sampled, range_max)
