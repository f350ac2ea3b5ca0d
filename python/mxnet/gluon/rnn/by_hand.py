"""Parts of recurrent cells, for programs that write a cell of their own.

Such programs import these functions of MXNet 1.9.1, with underscores, from
`mxnet.gluon.rnn.rnn_cell`.
"""

from ... import error, symbol
from ... import ndarray as nd
from . import sequences

__all__ = [
    "state_infos",
    "begin_states",
    "begin_state",
    "format_sequence",
    "mask_sequence",
    "reverse_sequences",
]


def state_infos(cells, batch_size):
    """Shapes and layouts of the states of all cells (list of dict)."""
    return [info for cell in cells for info in cell.state_info(batch_size)]


def begin_states(cells, **kwargs):
    """States of all cells before the first step; arguments as `RecurrentCell.begin_state` has."""
    return [state for cell in cells for state in cell.begin_state(**kwargs)]


def begin_state(cell, F, begin_state, inputs, batch_size):
    """`begin_state`, or zeros on the device of the inputs if it is None.

    Args:
        cell (RecurrentCell): The cell.
        F (module): `mx.nd` or `mx.sym`.
        begin_state (list of NDArray or Symbol): The states, or None.
        inputs (NDArray, Symbol or list): What the cell will read.
        batch_size (int): How many examples there are; 0 in symbols for what is not known.
    """
    if begin_state is not None:
        return begin_state
    if F is not nd:
        return cell.begin_state(func=F.zeros, batch_size=batch_size)
    first = inputs[0] if isinstance(inputs, (list, tuple)) else inputs
    return cell.begin_state(func=nd.zeros, batch_size=batch_size, ctx=first.context)


def format_sequence(length, inputs, layout, merge, in_layout=None):
    """A sequence as one array or as a list, and what it says of the network.

    Args:
        length (int): Its length; None in one array of unknown length.
        inputs (NDArray, Symbol or list): The sequence.
        layout (str): Where the result has its time T and its batch N, such as ``NTC``.
        merge (bool): Whether to return one array (True), a list (False), or what came (None).
        in_layout (str): The same for `inputs`; None is `layout`.

    Returns:
        tuple: The sequence, its axis of time, `mx.nd` or `mx.sym`, and the batch size, which in
        symbols is that of `sequences.unknown_size`.

    Raises:
        AssertionError: The sequence has another length, or is a symbol of several outputs.
    """
    if inputs is None:
        raise error.AssertionError("unroll: inputs is None; expected an array, or a list of them")
    axis = layout.find("T")
    F = sequences.module_of(inputs)
    if isinstance(inputs, (list, tuple)):
        batch_size = (
            sequences.unknown_size()
            if F is symbol
            else inputs[0].shape[layout.replace("T", "").find("N")]
        )
        if length is not None and len(inputs) != length:
            sequences.steps_of(inputs, length, axis, "unroll")  # raises
        result = F.stack(*inputs, axis=axis) if merge is True else list(inputs)
        return result, axis, F, batch_size
    in_axis = (in_layout or layout).find("T")
    batch_size = (
        sequences.unknown_size() if F is symbol else inputs.shape[(in_layout or layout).find("N")]
    )
    if merge is False:
        return sequences.steps_of(inputs, length, in_axis, "unroll"), axis, F, batch_size
    result = inputs if in_axis == axis else F.swapaxes(inputs, dim1=axis, dim2=in_axis)
    return result, axis, F, batch_size


def mask_sequence(F, data, length, valid_length, time_axis, merge):
    """A sequence with zeros after the end of each example.

    Args:
        F (module): `mx.nd` or `mx.sym`.
        data (NDArray, Symbol or list): The sequence.
        length (int): Its length.
        valid_length (NDArray or Symbol): Length of each example.
        time_axis (int): The axis of time of an array.
        merge (bool): Whether to return one array; otherwise a list with an array for each step.
    """
    masked = sequences.mask(data, length, valid_length, time_axis)
    return masked if merge else sequences.steps_of(masked, length, time_axis, "unroll")


def reverse_sequences(steps, unroll_step, valid_length=None):
    """A list of steps in reverse order, each example up to its length.

    Args:
        steps (list of NDArray or Symbol): The steps.
        unroll_step (int): How many there are.
        valid_length (NDArray or Symbol): Length of each example; None if all are used whole.
    """
    return sequences.reverse(list(steps[:unroll_step]), valid_length)
