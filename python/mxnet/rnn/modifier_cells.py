"""Cells that change what another cell gives, and dropout between cells."""

from .. import error, symbol
from .base_cell import BaseRNNCell, arranged, as_one, as_steps
from .combined_cells import BidirectionalCell

__all__ = ["DropoutCell", "ModifierCell", "ZoneoutCell", "ResidualCell"]


class DropoutCell(BaseRNNCell):
    """Dropout on the inputs; it has no state.

    Args:
        dropout (float): Probability to drop a value.
        prefix (str): Comes before names.
        params (RNNParams): Parameters to share; it has none.
    """

    def __init__(self, dropout, prefix="dropout_", params=None):
        super().__init__(prefix, params)
        if not isinstance(dropout, (int, float)):
            raise error.AssertedTypeError(
                f"DropoutCell: dropout={dropout!r} is a {type(dropout).__name__}; a number is "
                "expected"
            )
        self.dropout = dropout

    @property
    def state_info(self):
        """Shape and layout of each state: none."""
        return []

    def __call__(self, inputs, states):
        if self.dropout > 0:
            inputs = symbol.Dropout(data=inputs, p=self.dropout)
        return inputs, states

    def unroll(self, length, inputs, begin_state=None, layout="NTC", merge_outputs=None):
        """The graph of several steps; see `BaseRNNCell.unroll`."""
        self.reset()
        inputs = arranged(length, inputs, layout, merge_outputs)
        if isinstance(inputs, symbol.Symbol):
            return self(inputs, [])
        return super().unroll(length, inputs, begin_state, layout, merge_outputs)


class ModifierCell(BaseRNNCell):
    """Base of the cells that change another one, which has the parameters and is called only
    through them from then on.

    Args:
        base_cell (BaseRNNCell): The cell to change.
    """

    def __init__(self, base_cell):
        base_cell._modified = True
        self.base_cell = base_cell
        super().__init__()

    @property
    def params(self):
        """Parameters of the cell inside."""
        self._own_params = False
        return self.base_cell.params

    @property
    def state_info(self):
        """Shape and layout of each state of the cell inside, a list of dicts."""
        return self.base_cell.state_info

    def reset(self):
        """Start counting steps anew, in the cell inside, too."""
        super().reset()
        self.base_cell.reset()

    def begin_state(self, init_sym=symbol.zeros, **kwargs):
        """States to begin with.

        Args:
            init_sym (function): As `func` of `BaseRNNCell.begin_state`, which is accepted, too.
            **kwargs: Further arguments of that function.
        """
        self._check_unmodified()
        return self._inside(self.base_cell.begin_state, func=kwargs.pop("func", init_sym), **kwargs)

    def _inside(self, method, *args, **kwargs):
        """Call a method that the cell inside offers to nobody else."""
        self.base_cell._modified = False
        try:
            return method(*args, **kwargs)
        finally:
            self.base_cell._modified = True

    def unpack_weights(self, args):
        """Weights of each gate of the cell inside; see `BaseRNNCell.unpack_weights`."""
        return self.base_cell.unpack_weights(args)

    def pack_weights(self, args):
        """Weights of the cell inside from those of its gates; undoes `unpack_weights`."""
        return self.base_cell.pack_weights(args)


class ZoneoutCell(ModifierCell):
    """Zoneout: outputs and states keep some of their values from the step before.

    Args:
        base_cell (BaseRNNCell): The cell to change; one that can be called for a step.
        zoneout_outputs (float): Probability that an output keeps its value.
        zoneout_states (float): Probability that a state does.
    """

    def __init__(self, base_cell, zoneout_outputs=0.0, zoneout_states=0.0):
        if not base_cell._has_steps:
            raise error.AssertedValueError(
                f"ZoneoutCell: base_cell is a {type(base_cell).__name__}, which has no single "
                "steps; its unfuse() is expected"
            )
        if isinstance(base_cell, BidirectionalCell):
            raise error.AssertedValueError(
                "ZoneoutCell: base_cell is a BidirectionalCell, which has no single steps; the "
                "cells inside of it are expected"
            )
        super().__init__(base_cell)
        self.zoneout_outputs = zoneout_outputs
        self.zoneout_states = zoneout_states

    def reset(self):
        """Start counting steps anew, with outputs of zeros before the first."""
        super().reset()
        self._previous = None

    def __call__(self, inputs, states):
        output, after = self.base_cell(inputs, states)
        if self._previous is None:
            self._previous = symbol.zeros((0, 0))
        if self.zoneout_outputs:
            output = self._mix(output, self._previous, self.zoneout_outputs)
        if self.zoneout_states:
            after = [self._mix(new, old, self.zoneout_states) for new, old in zip(after, states)]
        self._previous = output
        return output, after

    @staticmethod
    def _mix(new, old, probability):
        # Dropout of ones is a mask, which is not 0 where the new value is taken.
        mask = symbol.Dropout(symbol.ones_like(new), p=probability)
        return symbol.where(mask, new, old)


class ResidualCell(ModifierCell):
    """Adds the input to the output.

    Args:
        base_cell (BaseRNNCell): The cell to change, with outputs of the size of its inputs.
    """

    def __call__(self, inputs, states):
        output, states = self.base_cell(inputs, states)
        return self._add(output, inputs), states

    def unroll(self, length, inputs, begin_state=None, layout="NTC", merge_outputs=None):
        """The graph of several steps; see `BaseRNNCell.unroll`."""
        self.reset()
        outputs, states = self._inside(
            self.base_cell.unroll, length, inputs, begin_state, layout, merge_outputs
        )
        if isinstance(outputs, symbol.Symbol):
            return self._add(outputs, as_one(inputs, layout)), states
        steps = as_steps(length, inputs, layout)
        return [self._add(*pair) for pair in zip(outputs, steps)], states

    @staticmethod
    def _add(output, inputs):
        return symbol.elemwise_add(output, inputs, name=f"{output.name}_plus_residual")
