"""Sequences as one array with an axis of time, or as a list with an array for each step."""

from ... import error, symbol
from ... import ndarray as nd
from ..._numpy_mode import is_np_shape

__all__ = ["unknown_size", "module_of", "steps_of", "merged", "in_form", "mask", "reverse"]


def unknown_size():
    """How a shape says that a size is not known, by the meaning of shapes on this thread."""
    return -1 if is_np_shape() else 0


def module_of(value):
    """`mx.nd` or `mx.sym`, by what an array or the first of a list is."""
    first = value[0] if isinstance(value, (list, tuple)) else value
    return symbol if isinstance(first, symbol.Symbol) else nd


def _split(F, array, length, axis):
    parts = F.split(array, num_outputs=length, axis=axis, squeeze_axis=True)
    return list(parts) if length > 1 else [parts]


def steps_of(sequence, length, axis, owner):
    """A sequence as a list.

    Args:
        sequence (NDArray, Symbol or list): The sequence.
        length (int): Its length.
        axis (int): Its axis of time, if it is one array.
        owner (str): Whose argument it is, for messages.

    Raises:
        AssertionError: It has another length.
    """
    if isinstance(sequence, (list, tuple)):
        found = len(sequence)
    elif isinstance(sequence, nd.NDArray):
        found = sequence.shape[axis]
    else:
        if not isinstance(sequence, symbol.Symbol):
            raise error.AssertedTypeError(
                f"{owner}.unroll: inputs is of type {type(sequence).__name__}; expected an "
                "NDArray, a Symbol or a list of one of these"
            )
        if sequence.num_outputs != 1:
            raise error.AssertionError(
                f"{owner}.unroll: inputs is a symbol of {sequence.num_outputs} outputs; expected "
                "one, or "
                "a list"
            )
        found = length
    if found != length:
        raise error.AssertionError(
            f"{owner}.unroll: inputs have {found} steps; expected length={length}"
        )
    if isinstance(sequence, (list, tuple)):
        return list(sequence)
    return _split(module_of(sequence), sequence, length, axis)


def merged(sequence, axis):
    """A sequence as one array, with the time at `axis`."""
    if isinstance(sequence, (list, tuple)):
        return module_of(sequence).stack(*sequence, axis=axis)
    return sequence


def in_form(sequence, length, axis, merge, owner):
    """A sequence as one array (`merge` true), as a list (false) or as it is (None)."""
    if merge is None:
        return list(sequence) if isinstance(sequence, tuple) else sequence
    return merged(sequence, axis) if merge else steps_of(sequence, length, axis, owner)


def mask(sequence, length, valid_length, axis):
    """The sequence as one array, with zeros after the end of each example.

    Args:
        sequence (NDArray, Symbol or list): The sequence.
        length (int): Its length.
        valid_length (NDArray or Symbol): Length of each example.
        axis (int): The axis of time.
    """
    F = module_of(sequence)
    whole = merged(sequence, axis)
    return F.SequenceMask(whole, sequence_length=valid_length, use_sequence_length=True, axis=axis)


def reverse(steps, valid_length):
    """A list of steps in reverse order, each example up to its length."""
    if valid_length is None:
        return list(reversed(steps))
    F = module_of(steps)
    whole = F.SequenceReverse(
        F.stack(*steps, axis=0), sequence_length=valid_length, use_sequence_length=True
    )
    return _split(F, whole, len(steps), 0)
