"""What functions of this package ask of their arguments."""

import numpy as onp

from .. import _core, error
from .._core import NDArray, Symbol

__all__ = [
    "ARRAYS",
    "NUMBERS",
    "WHOLE_NUMBERS",
    "check_array",
    "check_order",
    "dtype_or",
    "write_number",
]

ARRAYS = (NDArray, Symbol)
NUMBERS = (float, int, onp.generic)
WHOLE_NUMBERS = (int, onp.integer, onp.bool_)  # they keep the dtype of arrays of integers


def check_array(function, **arguments):
    """Raise an error unless all arguments are arrays or symbols.

    Args:
        function (str): Name of the function that was called.
        **arguments: Its arguments by their names.

    Raises:
        TypeError: One is something else.
    """
    for name, value in arguments.items():
        if not isinstance(value, ARRAYS):
            raise error.AssertedTypeError(
                f"{function}: {name}={value!r} is of type {type(value).__name__}; expected an array"
            )


def check_order(function, order):
    """Raise an error unless arrays are asked for that lie row by row.

    Args:
        function (str): Name of the function that was called.
        order (str): Its argument.

    Raises:
        NotImplementedError: It is not "C".
    """
    if order != "C":
        raise error.NotImplementedError(
            f"{function}: order={order!r} is not implemented; expected 'C'"
        )


def dtype_or(dtype, default):
    """The dtype that was asked for, or `default` where none was."""
    return default if dtype is None else dtype


def write_number(value, out):
    """A number, or `out` with the number in every place.

    Args:
        value (number): What was computed.
        out (ndarray): Where to write it; None gives the number itself.
    """
    if out is None:
        return value
    return _fill(out, fill_value=float(value), out=out)


_fill = _core.op_function("_npi_full_like", "full_like", "mxnet.numpy")
