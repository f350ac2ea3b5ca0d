"""Arguments and results of blocks: arrays in lists, tuples and dictionaries, or None."""

from ... import error, symbol
from ... import ndarray as nd

__all__ = ["flatten", "regroup", "leaves"]

_ARRAY, _NONE = 0, None


def _structure(value, found, owner):
    """The structure of a value, whose arrays are appended to `found`."""
    if isinstance(value, nd.NDArray):
        found.append(value)
        return _ARRAY
    if isinstance(value, symbol.Symbol):
        found.append(value)
        # A group counts as that many arrays, which stay together.
        return _ARRAY if value.num_outputs == 1 else value.num_outputs
    if value is None:
        return _NONE
    if isinstance(value, (list, tuple)):
        return tuple(_structure(each, found, owner) for each in value)
    if isinstance(value, dict):
        return tuple((key, _structure(each, found, owner)) for key, each in value.items()), "dict"
    raise error.ValueError(
        f"{owner}: {value!r} is of type {type(value).__name__}; expected NDArrays or Symbols, or "
        "lists, tuples and dicts of them"
    )


def flatten(value, owner):
    """The arrays in a value, and how they lie in it.

    Args:
        value: An NDArray or Symbol, None, or a list, tuple or dict of such values.
        owner (str): Whose value it is, for messages.

    Returns:
        tuple: The arrays in a sequence, and the structure, which is hashable; lists and tuples have
        the same.

    Raises:
        ValueError: There is something else in it.
    """
    if type(value) is tuple and all(isinstance(each, nd.NDArray) for each in value):
        return value, (_ARRAY,) * len(value)  # mostly
    found = []
    return found, _structure(value, found, owner)


def regroup(arrays, structure):
    """The value that has such a structure; lists and tuples become lists.

    Args:
        arrays (list): As many as `structure` has.
        structure: What `flatten` gave.
    """
    if structure == _ARRAY:
        return arrays[0]  # mostly
    return _regroup(iter(arrays), structure)


def _regroup(arrays, structure):
    if structure is _NONE:
        return None
    if isinstance(structure, int):
        if structure == _ARRAY:
            return next(arrays)
        return [next(arrays) for _ in range(structure)]
    if len(structure) == 2 and structure[1] == "dict":
        return {key: _regroup(arrays, each) for key, each in structure[0]}
    return [_regroup(arrays, each) for each in structure]


def leaves(value):
    """What is not a list, tuple or dict in a value (iterator)."""
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from leaves(each)
    elif isinstance(value, dict):
        yield from leaves(list(value.values()))
    else:
        yield value
