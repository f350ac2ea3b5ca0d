"""Parts of blocks, for programs that handle the nested inputs and outputs of blocks themselves.

Such programs import these functions of MXNet 1.9.1, with underscores, from `mxnet.gluon.block`.
"""

from ... import error, symbol
from ... import ndarray as nd

__all__ = ["flatten", "regroup"]

_NONE = -1


def flatten(args, inout_str):
    """The arrays of a nested list, and how they lie in it.

    Args:
        args (NDArray, Symbol, None or list): The value; lists may hold lists.
        inout_str (str): ``input`` or ``output``, for messages.

    Returns:
        tuple: A list of the arrays, with None where there is none, and the form: 0 for an array, -1
        for None, n for a symbol of n outputs, a list for a list.

    Raises:
        ValueError: There is something else in it.
    """
    if isinstance(args, nd.NDArray):
        return [args], 0
    if isinstance(args, symbol.Symbol):
        return [args], args.num_outputs if args.num_outputs > 1 else 0
    if args is None:
        return [None], _NONE
    if not isinstance(args, (list, tuple)):
        raise error.ValueError(
            f"HybridBlock: the {inout_str} {args!r} is of type {type(args).__name__}; expected "
            "NDArrays or Symbols, or nested lists of them"
        )
    parts = [flatten(each, inout_str) for each in args]
    return [array for arrays, _ in parts for array in arrays], [form for _, form in parts]


def regroup(args, fmt):
    """The nested list of such a form.

    Args:
        args (list of NDArray or Symbol): The arrays; more than the form has are left out.
        fmt: The form that `flatten` gave.
    """
    return _take(iter(args), fmt)


def _take(arrays, fmt):
    if isinstance(fmt, int):
        return next(arrays) if fmt <= 0 else [next(arrays) for _ in range(fmt)]
    return [_take(arrays, form) for form in fmt]
