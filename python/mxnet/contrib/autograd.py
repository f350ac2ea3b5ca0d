"""Automatic differentiation under the names of MXNet 0.9; `mxnet.autograd` follows it."""

import functools

from .. import autograd, error
from .. import ndarray as nd
from ..autograd import mark_variables
from ..ndarray import NDArray

__all__ = [
    "TrainingStateScope",
    "set_is_training",
    "train_section",
    "test_section",
    "mark_variables",
    "backward",
    "compute_gradient",
    "grad_and_loss",
    "grad",
]


def set_is_training(is_train):
    """Set training mode and recording, which were one in MXNet 0.9.

    Args:
        is_train (bool): Whether operators train and are recorded from now on.

    Returns:
        bool: Whether training mode was on.
    """
    before = autograd.set_training(is_train)
    autograd.set_recording(is_train)
    return before


class TrainingStateScope:
    """Sets training mode and recording in a ``with`` block.

    Args:
        enter_state (bool): What they are inside.
    """

    def __init__(self, enter_state):
        self._state = enter_state
        self._before = []

    def __enter__(self):
        self._before.append((autograd.is_training(), autograd.is_recording()))
        set_is_training(self._state)

    def __exit__(self, kind, value, trace):
        training, recording = self._before.pop()
        autograd.set_training(training)
        autograd.set_recording(recording)


def train_section():
    """A ``with`` block in which operators train and are recorded."""
    return TrainingStateScope(True)


def test_section():
    """A ``with`` block inside of `train_section` in which they do not."""
    return TrainingStateScope(False)


def backward(outputs, out_grads=None, retain_graph=False):
    """Compute the gradients of outputs to the variables that were marked.

    Args:
        outputs (list of NDArray): What to differentiate.
        out_grads (list of NDArray): Gradients of the outputs; ones if not given.
        retain_graph (bool): Whether it can be done again.
    """
    if isinstance(outputs, NDArray):
        outputs = [outputs]
    autograd.backward(outputs, out_grads, retain_graph)


def compute_gradient(outputs):
    """`backward` under its earliest name."""
    backward(outputs)


def _variables(arguments, argnum):
    """The arguments to differentiate to."""
    if argnum is not None:
        numbers = argnum if isinstance(argnum, (list, tuple)) else [argnum]
        arguments = [arguments[number] for number in numbers]
    for argument in arguments:
        if not isinstance(argument, NDArray):
            raise error.AssertedTypeError(
                f"grad_and_loss: an argument is a {type(argument).__name__}; an NDArray is "
                "expected, or argnum, which says what to differentiate to"
            )
    return list(arguments)


def grad_and_loss(func, argnum=None):
    """Make a function that gives the gradients of `func` and what it gives itself.

    Args:
        func (function): A function of NDArrays.
        argnum (int or list of int): Arguments to differentiate to; all if not given.

    Returns:
        function: Gives a list of gradients, and the result of `func`.
    """

    @functools.wraps(func)
    def wrapped(*args):
        variables = _variables(args, argnum)
        mark_variables(variables, [nd.zeros_like(variable) for variable in variables])
        with train_section():
            outputs = func(*args)
        backward(outputs)
        return [variable.grad for variable in variables], outputs

    return wrapped


def grad(func, argnum=None):
    """Make a function that gives the gradients of `func`; see `grad_and_loss`."""
    with_loss = grad_and_loss(func, argnum)

    @functools.wraps(with_loss)
    def wrapped(*args):
        return with_loss(*args)[0]

    return wrapped
