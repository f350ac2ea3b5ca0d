"""Attributes that are lists of numbers, checked."""

import numpy as np

from ..... import error
from ...files import tensor_value


def listed(node, name, count=None, default=None):
    """A list or a tensor as a flat array.

    Args:
        node (Node): The node.
        name (str): Name of the attribute.
        count (int): How many numbers are expected, or None.
        default (float): What all of them are where the node does not have it; None if it has to.

    Raises:
        MXNetError: It is missing, or has another length.
    """
    found = node.attr(name)
    if found is None:
        if default is None:
            raise node.refuse(name, None, "a list of numbers")
        return np.full(count, default)
    if hasattr(found, "dims"):
        found = tensor_value(found, node.reader.model).array()
    return of_length(node, name, np.asarray(found).reshape(-1), count)


def of_length(node, name, numbers, count):
    """The numbers, of which there have to be `count` unless that is None."""
    if count is not None and len(numbers) != count:
        raise error.ValueError(
            f"{node.title}: {name} of {node.proto.op_type} has {len(numbers)} elements; {count} "
            "are expected"
        )
    return numbers


def check_range(node, name, numbers, limit):
    """Refuse numbers of an attribute that are not from 0 to below a limit."""
    if numbers.size and not (0 <= numbers.min() and numbers.max() < limit):
        raise error.ValueError(
            f"{node.title}: {name} of {node.proto.op_type} holds {int(numbers.min())} to "
            f"{int(numbers.max())}; 0 to {limit - 1} are expected"
        )
