"""The bases of recurrent cells."""

from ... import error, symbol
from ... import ndarray as nd
from ..._numpy_mode import of_mode
from ..block import Block, HybridBlock
from . import sequences

__all__ = ["RecurrentCell", "HybridRecurrentCell"]


class RecurrentCell(Block):
    """Base of cells: something that computes an output and new states of an input and states.

    Args:
        prefix (str): See `Block`.
        params (ParameterDict): See `Block`.
    """

    def __init__(self, prefix=None, params=None):
        super().__init__(prefix=prefix, params=params)
        self._modified = False
        self.reset()

    def reset(self):
        """Forget how many steps were taken, before another sequence."""
        self._init_counter = -1
        self._counter = -1
        for cell in self._children.values():
            cell.reset()

    def state_info(self, batch_size=0):
        """Shapes and layouts of the states (list of dict)."""
        raise error.NotImplementedError(
            f"{type(self).__name__}: state_info is not defined; expected it in the class"
        )

    def begin_state(self, batch_size=0, func=nd.zeros, **kwargs):
        """The states before the first step.

        Args:
            batch_size (int): How many examples there are; 0 in symbols for what is not known, and
                -1 where shapes have NumPy's meaning.
            func (function): Makes each, as `mx.nd.zeros` does.
            **kwargs: Further arguments of `func`.

        Returns:
            list of NDArray or Symbol: The states.
        """
        if self._modified:
            raise error.AssertionError(
                f"{self.name}.begin_state: the cell is inside of another one that changes it; "
                "expected a call of that one"
            )
        of_symbols = getattr(func, "__module__", "").startswith("mxnet.symbol")
        states = []
        for info in self.state_info(batch_size):
            self._init_counter += 1
            arguments = {**(info or {}), **kwargs}
            if not of_symbols:  # arrays have no attributes
                arguments.pop("__layout__", None)
            name = f"{self._prefix}begin_state_{self._init_counter}"
            states.append(of_mode(func(name=name, **arguments)))
        return states

    def _first_states(self, begin_state, first_input):
        """`begin_state`, or zeros that fit an input of one step."""
        if begin_state is not None:
            return begin_state
        if not isinstance(first_input, nd.NDArray):
            return self.begin_state(func=symbol.zeros, batch_size=sequences.unknown_size())
        with first_input.context:
            return self.begin_state(func=nd.zeros, batch_size=first_input.shape[0])

    def unroll(
        self,
        length,
        inputs,
        begin_state=None,
        layout="NTC",
        merge_outputs=None,
        valid_length=None,
    ):
        """Take several steps.

        Args:
            length (int): How many.
            inputs (NDArray, Symbol or list): The input of each step, as one array or as a list.
            begin_state (list): States before the first step; None for zeros.
            layout (str): Axes of arrays: 'NTC' or 'TNC'.
            merge_outputs (bool): Whether outputs are one array; a list if None or false.
            valid_length (NDArray or Symbol): Length of each example; outputs after it are zero,
                states are those at it.

        Returns:
            tuple: The outputs, and the states after the last step.

        Raises:
            AssertionError: `inputs` are not as many as `length` says.
        """
        self.reset()
        axis, F = layout.find("T"), sequences.module_of(inputs)
        steps = sequences.steps_of(inputs, length, axis, self.name)
        outputs, history = [], []
        states = self._first_states(begin_state, steps[0])
        for step in steps:
            output, states = self(step, states)
            outputs.append(output)
            history.append(states)
        if valid_length is not None:
            states = [
                F.SequenceLast(
                    F.stack(*each, axis=0),
                    sequence_length=valid_length,
                    use_sequence_length=True,
                    axis=0,
                )
                for each in zip(*history)
            ]
            outputs = sequences.mask(outputs, length, valid_length, axis)
        return sequences.in_form(outputs, length, axis, merge_outputs, self.name), states

    def forward(self, inputs, states):
        """Take a step.

        Args:
            inputs (NDArray or Symbol): The input, of shape (N, ...).
            states (list of NDArray or Symbol): The states before.

        Returns:
            tuple: The output, and the states after.
        """
        self._counter += 1
        return super().forward(inputs, states)


class HybridRecurrentCell(RecurrentCell, HybridBlock):
    """Base of cells that define `hybrid_forward`."""

    def __init__(self, prefix=None, params=None):
        super().__init__(prefix=prefix, params=params)

    def hybrid_forward(self, F, x, *args, **kwargs):
        raise error.NotImplementedError(
            f"{type(self).__name__}: hybrid_forward is not defined; expected it in the class"
        )
