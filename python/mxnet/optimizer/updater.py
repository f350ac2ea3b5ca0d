"""Applying an optimizer to parameters by index, with the states it needs."""

import pickle

from .. import error
from .. import ndarray as nd
from .base import Optimizer

__all__ = ["Updater", "get_updater"]


class Updater:
    """Updates parameters with an optimizer, making a state for each on first use.

    Args:
        optimizer (Optimizer): The optimizer.
    """

    def __init__(self, optimizer):
        if not callable(getattr(optimizer, "update_multi_precision", None)):
            raise error.TypeError(
                f"Updater: optimizer is of type {type(optimizer).__name__}; expected an Optimizer, "
                "such as mx.optimizer.create makes"
            )
        self.optimizer = optimizer
        self.states = {}
        self.states_synced = {}

    @property
    def aggregate_updates(self):
        """Whether the optimizer updates several parameters in one call."""
        return self.optimizer.aggregate_num > 0

    def __call__(self, index, grad, weight):
        """Update one parameter, or each in lists.

        Args:
            index (int or str, or a list of them): The parameters.
            grad (NDArray or a list): Their gradients.
            weight (NDArray or a list): Their values, updated in place.
        """
        if not isinstance(index, (list, tuple)):
            index, grad, weight = [index], [grad], [weight]
        elif not index:
            return
        # Optimizers are written for the functions of mx.nd, whatever the network computes with.
        grad = [each.as_nd_ndarray() for each in grad]
        weight = [each.as_nd_ndarray() for each in weight]
        self.optimizer._set_current_context(weight[0].context.device_id)
        states, synced = self.states, self.states_synced
        for i, w in zip(index, weight):
            if not synced.get(i):
                self._prepare(i, w)
        if not self.aggregate_updates:
            for i, g, w in zip(index, grad, weight):
                self.optimizer.update_multi_precision(i, w, g, states[i])
            return
        for part in _parts(index, weight, self.optimizer.aggregate_num):
            self.optimizer.update_multi_precision(
                [index[k] for k in part],
                [weight[k] for k in part],
                [grad[k] for k in part],
                [states[index[k]] for k in part],
            )

    def _prepare(self, index, weight):
        if index not in self.states:
            self.states[index] = self.optimizer.create_state_multi_precision(index, weight)
        else:
            self.states[index] = self.sync_state_context(self.states[index], weight.context)
        self.states_synced[index] = True

    def sync_state_context(self, state, context):
        """`state` with all its arrays on the device `context`."""
        if isinstance(state, nd.NDArray):
            return state.as_in_context(context)
        if isinstance(state, (tuple, list)):
            return type(state)(self.sync_state_context(each, context) for each in state)
        return state

    def get_states(self, dump_optimizer=False):
        """The states, and the optimizer if asked for, as bytes that `set_states` reads."""
        return pickle.dumps((self.states, self.optimizer) if dump_optimizer else self.states)

    def set_states(self, states):
        """Take states, and an optimizer if there is one, from bytes of `get_states`.

        Raises:
            TypeError: They are no bytes.
            ValueError: The bytes hold no states.
        """
        from .states_reader import read_states_of

        if not isinstance(states, (bytes, bytearray, memoryview)):
            raise error.TypeError(
                f"Updater.set_states: states is of type {type(states).__name__}; the bytes that "
                "get_states gave are expected"
            )
        try:
            content = read_states_of(states)
        except Exception as cause:
            raise error.ValueError(
                f"Updater.set_states: the states are damaged ({cause}); what "
                "get_states gave is expected"
            ) from cause
        optimizer = self.optimizer
        if isinstance(content, tuple) and len(content) == 2:
            content, optimizer = content
        if not isinstance(content, dict):
            raise error.ValueError(
                f"Updater.set_states: the states are a {type(content).__name__}; a "
                "dict of states by parameter is expected"
            )
        if not isinstance(optimizer, Optimizer):
            raise error.ValueError(
                f"Updater.set_states: the optimizer is a {type(optimizer).__name__}; an Optimizer "
                "is expected"
            )
        self.states, self.optimizer = content, optimizer
        self.states_synced = dict.fromkeys(content, False)


def _parts(index, weight, size):
    """Positions grouped by dtype, in groups of at most `size`."""
    if len(index) <= size and len({w.dtype for w in weight}) == 1:
        return [range(len(index))]
    by_dtype = {}
    for k, w in enumerate(weight):
        by_dtype.setdefault(w.dtype, []).append(k)
    return [
        group[begin : begin + size]
        for group in by_dtype.values()
        for begin in range(0, len(group), size)
    ]


def get_updater(optimizer):
    """The `Updater` of an optimizer."""
    return Updater(optimizer)
