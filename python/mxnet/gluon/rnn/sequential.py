"""Cells one on top of the other."""

from ... import error
from ... import ndarray as nd
from ..block.block import indent
from . import sequences
from .modifiers import BidirectionalCell
from .recurrent_cell import HybridRecurrentCell, RecurrentCell

__all__ = ["SequentialRNNCell", "HybridSequentialRNNCell"]


class _Stack:
    """What both stacks share."""

    def __repr__(self):
        lines = [f"({key}): {indent(repr(cell), 2)}" for key, cell in self._children.items()]
        return type(self).__name__ + "(\n" + "\n".join(lines) + "\n)"

    def add(self, cell):
        """Put a cell on top."""
        self.register_child(cell)

    def state_info(self, batch_size=0):
        return [info for cell in self._children.values() for info in cell.state_info(batch_size)]

    def begin_state(self, batch_size=0, func=nd.zeros, **kwargs):
        if self._modified:
            return super().begin_state(batch_size, func, **kwargs)
        return [
            state
            for cell in self._children.values()
            for state in cell.begin_state(batch_size=batch_size, func=func, **kwargs)
        ]

    def __getitem__(self, i):
        return list(self._children.values())[i]

    def __len__(self):
        return len(self._children)

    def _take_step(self, inputs, states):
        after, place = [], 0
        for cell in self._children.values():
            if isinstance(cell, BidirectionalCell):
                raise error.AssertionError(
                    f"{self.name}: {cell.name} needs the whole sequence; expected unroll()"
                )
            count = len(cell.state_info())
            inputs, states_of_cell = cell(inputs, states[place : place + count])
            place += count
            after += states_of_cell
        return inputs, after

    def unroll(
        self,
        length,
        inputs,
        begin_state=None,
        layout="NTC",
        merge_outputs=None,
        valid_length=None,
    ):
        """Take several steps; see `RecurrentCell.unroll`."""
        self.reset()
        steps = sequences.steps_of(inputs, length, layout.find("T"), self.name)
        states = self._first_states(begin_state, steps[0])
        cells, after, place = list(self._children.values()), [], 0
        for number, cell in enumerate(cells):
            count = len(cell.state_info())
            inputs, states_of_cell = cell.unroll(
                length,
                inputs,
                states[place : place + count],
                layout,
                merge_outputs if number == len(cells) - 1 else None,
                valid_length,
            )
            place += count
            after += states_of_cell
        return inputs, after


class SequentialRNNCell(_Stack, RecurrentCell):
    """Cells one on top of the other.

    Args:
        prefix (str): See `Block`.
        params (ParameterDict): See `Block`.

    Example:
        >>> stack = rnn.SequentialRNNCell()
        >>> stack.add(rnn.LSTMCell(20))
        >>> stack.add(rnn.LSTMCell(20))
    """

    def forward(self, inputs, states):
        self._counter += 1
        return self._take_step(inputs, states)


class HybridSequentialRNNCell(_Stack, HybridRecurrentCell):
    """Hybrid cells one on top of the other; see `SequentialRNNCell`."""

    def hybrid_forward(self, F, inputs, states):
        return self._take_step(inputs, states)
