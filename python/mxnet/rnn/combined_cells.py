"""Cells made of several cells."""

from .. import error, symbol
from .base_cell import BaseRNNCell, arranged, as_steps, time_axis

__all__ = ["SequentialRNNCell", "BidirectionalCell"]


class _CombinedCell(BaseRNNCell):
    """Base of the cells made of others: parameters and states are those of all of them.

    Args:
        params (RNNParams): Parameters to share; then the cells may not share others.
    """

    def __init__(self, params=None):
        self._cells = []
        super().__init__(prefix="", params=params)
        self._override_cell_params = params is not None

    def _take(self, cell):
        """Add a cell."""
        if self._override_cell_params:
            if not cell._own_params:
                raise error.ValueError(
                    f"{type(self).__name__}: params is given, and {type(cell).__name__} shares its "
                    "own; one of them is expected"
                )
            cell.params._params.update(self._params._params)
        self._params._params.update(cell.params._params)
        self._cells.append(cell)

    def reset(self):
        """Start counting steps anew, in all cells."""
        super().reset()
        for cell in self._cells:
            cell.reset()

    @property
    def state_info(self):
        """Shape and layout of each state of all cells, a list of dicts."""
        return [info for cell in self._cells for info in cell.state_info]

    def begin_state(self, **kwargs):
        """States of all cells to begin with; see `BaseRNNCell.begin_state`."""
        self._check_unmodified()
        return [state for cell in self._cells for state in cell.begin_state(**kwargs)]

    def _states_by_cell(self, states):
        """Each cell with those of `states` that are its own."""
        begin = 0
        for cell in self._cells:
            end = begin + len(cell.state_info)
            yield cell, states[begin:end]
            begin = end

    def unpack_weights(self, args):
        """Weights of each gate of all cells; see `BaseRNNCell.unpack_weights`."""
        for cell in self._cells:
            args = cell.unpack_weights(args)
        return args

    def pack_weights(self, args):
        """Weights of all cells from those of their gates; undoes `unpack_weights`."""
        for cell in self._cells:
            args = cell.pack_weights(args)
        return args


class SequentialRNNCell(_CombinedCell):
    """Cells on top of each other.

    Args:
        params (RNNParams): Parameters to share.
    """

    def add(self, cell):
        """Put a cell on top.

        Args:
            cell (BaseRNNCell): The cell.
        """
        self._take(cell)

    def __call__(self, inputs, states):
        self._counter += 1
        after = []
        for cell, own in self._states_by_cell(states):
            inputs, own = cell(inputs, own)
            after.extend(own)
        return inputs, after

    def unroll(self, length, inputs, begin_state=None, layout="NTC", merge_outputs=None):
        """The graph of several steps; see `BaseRNNCell.unroll`."""
        self.reset()
        states = self.begin_state() if begin_state is None else begin_state
        after = []
        for cell, own in self._states_by_cell(states):
            merge = merge_outputs if cell is self._cells[-1] else None
            inputs, own = cell.unroll(length, inputs, own, layout, merge)
            after.extend(own)
        return inputs, after


class BidirectionalCell(_CombinedCell):
    """Two cells of which one goes through the steps backwards; their outputs are concatenated. It
    can only be unrolled.

    Args:
        l_cell (BaseRNNCell): The one that goes forwards.
        r_cell (BaseRNNCell): The one that goes backwards.
        params (RNNParams): Parameters to share.
        output_prefix (str): Comes before the names of the outputs.
    """

    def __init__(self, l_cell, r_cell, params=None, output_prefix="bi_"):
        super().__init__(params=params)
        self._output_prefix = output_prefix
        self._take(l_cell)
        self._take(r_cell)

    def __call__(self, inputs, states):
        raise error.NotImplementedError(
            "BidirectionalCell: it needs all steps; unroll() is expected in place of a call"
        )

    def unroll(self, length, inputs, begin_state=None, layout="NTC", merge_outputs=None):
        """The graph of several steps; see `BaseRNNCell.unroll`. The states come as two lists."""
        self.reset()
        steps = as_steps(length, inputs, layout)
        states = self.begin_state() if begin_state is None else begin_state
        (left, left_states), (right, right_states) = self._states_by_cell(states)
        forwards, left_states = left.unroll(length, steps, left_states, layout, merge_outputs)
        backwards, right_states = right.unroll(
            length, steps[::-1], right_states, layout, merge_outputs
        )
        if merge_outputs is None:
            merge_outputs = all(isinstance(o, symbol.Symbol) for o in (forwards, backwards))
        forwards, backwards = (
            arranged(length, outputs, layout, merge_outputs) for outputs in (forwards, backwards)
        )
        outputs = (self._join_one if merge_outputs else self._join_steps)(
            forwards, backwards, layout
        )
        return outputs, [left_states, right_states]

    def _join_one(self, forwards, backwards, layout):
        backwards = symbol.reverse(backwards, axis=time_axis(layout))
        return symbol.Concat(forwards, backwards, dim=2, name=f"{self._output_prefix}out")

    def _join_steps(self, forwards, backwards, layout):
        return [
            symbol.Concat(*pair, dim=1, name=f"{self._output_prefix}t{i}")
            for i, pair in enumerate(zip(forwards, reversed(backwards)))
        ]
