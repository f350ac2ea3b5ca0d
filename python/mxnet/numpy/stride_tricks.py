"""Arrays brought to one shape."""

import numpy as onp

from .. import error
from .._core import NDArray
from ._shapes import broadcast_to

__all__ = ["broadcast_arrays"]


def broadcast_arrays(*args):
    """Arrays repeated to the shape that they have in common.

    Args:
        *args (ndarray): The arrays.

    Returns:
        list of ndarray: In the same order.

    Raises:
        ValueError: There is no such shape.
    """
    for each in args:
        if not isinstance(each, NDArray):
            raise error.TypeError(
                f"broadcast_arrays: an operand is a {type(each).__name__}; expected an array"
            )
    shapes = [each.shape for each in args]
    try:
        shape = onp.broadcast_shapes(*shapes)
    except ValueError:
        raise error.ValueError(
            f"broadcast_arrays: the shapes {shapes} cannot be broadcast; expected shapes that can"
        ) from None
    return [each if each.shape == shape else broadcast_to(each, shape) for each in args]
