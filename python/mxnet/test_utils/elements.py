"""Functions of the elements of NumPy arrays."""

import numpy as np

__all__ = ["assign_each", "assign_each2"]


def _of_each(function, first, *others):
    if function is None:
        return np.array(first)
    return np.vectorize(function, otypes=[np.asarray(first).dtype])(first, *others)


def assign_each(the_input, function):
    """``function(a)`` of the elements of a NumPy array; a copy of it if that is None."""
    return _of_each(function, the_input)


def assign_each2(input1, input2, function):
    """``function(a, b)`` of the elements of two NumPy arrays; the first array if it is None."""
    return _of_each(function, input1, input2)
