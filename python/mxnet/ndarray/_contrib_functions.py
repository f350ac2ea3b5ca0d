"""Functions of `mx.nd.contrib` that are no operators: tests of elements, loops and conditions."""

import numpy as np

from .. import _core
from .._core import NDArray

__all__ = ["isinf", "isnan", "isfinite", "foreach", "while_loop", "cond"]

_stack = _core.op_function("stack", "stack", __name__)


def isinf(data):
    """1 where an element is infinite, else 0."""
    return data.abs() == np.inf


def isnan(data):
    """1 where an element is not a number, else 0."""
    return data != data


def isfinite(data):
    """1 where an element is a finite number, else 0."""
    return (data == data) * (data.abs() != np.inf)


def _as_list(value):
    return [value] if isinstance(value, NDArray) else list(value)


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


def while_loop(cond, func, loop_vars, max_iterations=None):
    """Run a function as long as a condition holds.

    Args:
        cond (function): ``cond(*loop_vars)`` is true to go on.
        func (function): ``outputs, loop_vars = func(*loop_vars)``.
        loop_vars (NDArray or list of NDArray): The variables at the beginning.
        max_iterations (int): When to stop at the latest.

    Returns:
        tuple: The outputs stacked along a new first axis, padded with zeros up to
        `max_iterations`, and the last variables.
    """
    if max_iterations is None:
        raise ValueError("while_loop: max_iterations is missing; expected an int")
    variables, steps = _as_list(loop_vars), []
    while len(steps) < max_iterations and bool(cond(*variables)):
        output, variables = func(*variables)
        variables = _as_list(variables)
        steps.append([] if output is None else output)
    if not steps:
        return [], variables
    padding = [array.zeros_like() for array in _as_list(steps[0])]
    padded = steps + [_like(steps[0], padding)] * (max_iterations - len(steps))
    return _stacked(padded, steps[0]), variables


def cond(pred, then_func, else_func):
    """Call one of two functions without arguments.

    Args:
        pred (NDArray): One element; nonzero calls `then_func`.
        then_func (function): Called when it holds.
        else_func (function): Called otherwise.
    """
    return then_func() if bool(pred) else else_func()
