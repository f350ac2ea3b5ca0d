"""Cells around other cells, and dropout between cells."""

from ... import error
from ... import ndarray as nd
from . import sequences
from .recurrent_cell import HybridRecurrentCell

__all__ = ["DropoutCell", "ModifierCell", "ZoneoutCell", "ResidualCell", "BidirectionalCell"]


class DropoutCell(HybridRecurrentCell):
    """Dropout of its input.

    Args:
        rate (float): Share of the elements that become zero.
        axes (tuple of int): Axes along which the same elements are dropped.
        prefix (str): See `Block`.
        params (ParameterDict): See `Block`.
    """

    def __init__(self, rate, axes=(), prefix=None, params=None):
        super().__init__(prefix=prefix, params=params)
        if isinstance(rate, bool) or not isinstance(rate, (int, float)):
            raise error.AssertionError(
                f"DropoutCell: rate={rate!r} is of type {type(rate).__name__}; expected a number"
            )
        self._rate = rate
        self._axes = axes

    def __repr__(self):
        return f"{type(self).__name__}(rate={self._rate}, axes={self._axes})"

    def state_info(self, batch_size=0):
        return []

    def _alias(self):
        return "dropout"

    def hybrid_forward(self, F, inputs, states):
        if self._rate > 0:
            name = f"t{self._counter}_fwd"
            inputs = F.Dropout(inputs, p=self._rate, axes=self._axes, name=name)
        return inputs, states

    def unroll(
        self,
        length,
        inputs,
        begin_state=None,
        layout="NTC",
        merge_outputs=None,
        valid_length=None,
    ):
        """All steps at once where they are one array; see `RecurrentCell.unroll`."""
        axis = layout.find("T")
        inputs = sequences.in_form(inputs, length, axis, merge_outputs, self.name)
        if isinstance(inputs, list):
            return super().unroll(length, inputs, begin_state, layout, merge_outputs, valid_length)
        self.reset()
        return self.hybrid_forward(sequences.module_of(inputs), inputs, begin_state or [])


class ModifierCell(HybridRecurrentCell):
    """Base of cells that change another one, which then must not be called by itself.

    Args:
        base_cell (HybridRecurrentCell): The other.
    """

    def __init__(self, base_cell):
        if base_cell._modified:
            raise error.AssertionError(
                f"{type(self).__name__}: {base_cell.name} is inside of another cell that changes "
                "it; expected a cell of its own"
            )
        base_cell._modified = True
        super().__init__(prefix=base_cell.prefix + self._alias(), params=None)
        self.base_cell = base_cell

    @property
    def params(self):
        """Those of the cell inside."""
        return self.base_cell.params

    def __repr__(self):
        return f"{type(self).__name__}({self.base_cell})"

    def state_info(self, batch_size=0):
        return self.base_cell.state_info(batch_size)

    def begin_state(self, func=nd.zeros, **kwargs):
        if self._modified:
            return super().begin_state(func=func, **kwargs)
        return self._without_modification(self.base_cell.begin_state, func=func, **kwargs)

    def _without_modification(self, method, *args, **kwargs):
        """Call a method of the cell inside as if it stood alone."""
        self.base_cell._modified = False
        try:
            return method(*args, **kwargs)
        finally:
            self.base_cell._modified = True

    def hybrid_forward(self, F, inputs, states):
        raise error.NotImplementedError(
            f"{type(self).__name__}: hybrid_forward is not defined; expected it in the class"
        )


class ZoneoutCell(ModifierCell):
    """Keeps elements of outputs and states of the step before at random (arXiv:1606.01305).

    Args:
        base_cell (HybridRecurrentCell): The cell inside.
        zoneout_outputs (float): Share of the outputs that are kept.
        zoneout_states (float): Share of the states that are kept.
    """

    def __init__(self, base_cell, zoneout_outputs=0.0, zoneout_states=0.0):
        if isinstance(base_cell, BidirectionalCell):
            raise error.AssertionError(
                "ZoneoutCell: a BidirectionalCell needs the whole sequence; expected ZoneoutCells "
                "around the cells in it"
            )
        super().__init__(base_cell)
        self.zoneout_outputs = zoneout_outputs
        self.zoneout_states = zoneout_states
        self._prev_output = None

    def __repr__(self):
        return (
            f"{type(self).__name__}(p_out={self.zoneout_outputs}, p_state={self.zoneout_states}, "
            f"{self.base_cell!r})"
        )

    def _alias(self):
        return "zoneout"

    def reset(self):
        super().reset()
        self._prev_output = None

    def hybrid_forward(self, F, inputs, states):
        new_output, new_states = self.base_cell(inputs, states)

        def choose(rate, new, old):
            # Dropout of ones is zero where the old element stays.
            return F.where(F.Dropout(F.ones_like(new), p=rate), new, old)

        before = self._prev_output
        if self.zoneout_outputs != 0.0:
            before = F.zeros_like(new_output) if before is None else before
            output = choose(self.zoneout_outputs, new_output, before)
        else:
            output = new_output
        if self.zoneout_states != 0.0:
            new_states = [
                choose(self.zoneout_states, new, old) for new, old in zip(new_states, states)
            ]
        self._prev_output = output
        return output, new_states


class ResidualCell(ModifierCell):
    """Adds its input to the output of the cell inside (arXiv:1609.08144).

    Args:
        base_cell (HybridRecurrentCell): The cell inside.
    """

    def __repr__(self):
        return f"{type(self).__name__}({self.base_cell!r})"

    def hybrid_forward(self, F, inputs, states):
        output, states = self.base_cell(inputs, states)
        return F.elemwise_add(output, inputs, name=f"t{self._counter}_fwd"), states

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
        outputs, states = self._without_modification(
            self.base_cell.unroll,
            length,
            inputs,
            begin_state,
            layout,
            merge_outputs,
            valid_length,
        )
        axis, F = layout.find("T"), sequences.module_of(outputs)
        merge = not isinstance(outputs, (list, tuple))
        if valid_length is not None:
            inputs = sequences.mask(inputs, length, valid_length, axis)
        inputs = sequences.in_form(inputs, length, axis, merge, self.name)
        if merge:
            return F.elemwise_add(outputs, inputs), states
        return [F.elemwise_add(one, other) for one, other in zip(outputs, inputs)], states


class BidirectionalCell(HybridRecurrentCell):
    """One cell from the beginning to the end and one from the end to the beginning.

    Args:
        l_cell (HybridRecurrentCell): The first.
        r_cell (HybridRecurrentCell): The second.
        output_prefix (str): What names of the outputs begin with.
    """

    def __init__(self, l_cell, r_cell, output_prefix="bi_"):
        super().__init__(prefix="", params=None)
        self.register_child(l_cell, "l_cell")
        self.register_child(r_cell, "r_cell")
        self._output_prefix = output_prefix

    def __repr__(self):
        forward, backward = self._children.values()
        return f"{type(self).__name__}(forward={forward!r}, backward={backward!r})"

    def __call__(self, inputs, states):
        raise error.NotImplementedError(
            "BidirectionalCell: it needs the whole sequence; expected unroll()"
        )

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
        axis, F = layout.find("T"), sequences.module_of(inputs)
        steps = sequences.steps_of(inputs, length, axis, self.name)
        states = self._first_states(begin_state, steps[0])
        forward, backward = self._children.values()
        count = len(forward.state_info())
        outputs, after = forward.unroll(
            length, steps, states[:count], layout, merge_outputs, valid_length
        )
        from_end, after_backward = backward.unroll(
            length,
            sequences.reverse(steps, valid_length),
            states[count:],
            layout,
            False,
            valid_length,
        )
        from_end = sequences.reverse(from_end, valid_length)
        states = after + after_backward
        if merge_outputs is None:
            merge_outputs = not isinstance(outputs, (list, tuple))
        outputs = sequences.in_form(outputs, length, axis, merge_outputs, self.name)
        if merge_outputs:
            both = outputs, sequences.merged(from_end, axis)
            return F.concat(*both, dim=2, name=self._output_prefix + "out"), states
        pairs = enumerate(zip(outputs, from_end))
        names = self._output_prefix + "t{}"
        return [F.concat(*pair, dim=1, name=names.format(i)) for i, pair in pairs], states
