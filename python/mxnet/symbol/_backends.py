"""Backends of `optimize_for`: partitioners and passes of loaded libraries, and names of 1.9.1."""

import logging

from .. import _core, error
from ..context import current_context

__all__ = ["optimize", "backend_symbol"]

# What these do in 1.9.1, the compiler does for every symbol that is bound.
_OF_THE_COMPILER = frozenset(["MKLDNN", "MKLDNN_QUANTIZE", "NONE", ""])


def _named(arrays, names, what):
    """Arrays by name; given as a list they are in the order of the names."""
    if arrays is None:
        return {}
    if isinstance(arrays, dict):
        return arrays
    if len(arrays) != len(names):
        raise error.AssertedValueError(
            f"optimize_for: {what} holds {len(arrays)} arrays; expected {len(names)}, one for each "
            f"of {', '.join(names)}"
        )
    return {name: array for name, array in zip(names, arrays) if array is not None}


def optimize(symbol, backend, args, aux, ctx, shape_dict, type_dict, skip_infer, options):
    """The symbol after a backend; new parameters are put into `args` and `aux`.

    Args:
        symbol (Symbol): Stays as it is.
        backend (str): Name of a partitioner or a pass.
        args (dict or list of NDArray): Arrays of arguments, by name or in order.
        aux (dict or list of NDArray): Those of auxiliary states.
        ctx (Context): Where new arrays are; None for the current context.
        shape_dict (dict of str to tuple): Shapes of variables.
        type_dict (dict of str to type): Types of variables.
        skip_infer (bool): Whether the backend is not told shapes and types.
        options (dict): For the backend, as text.

    Raises:
        TypeError: The backend is no string.
        MXNetError: What the library said.
    """
    if not isinstance(backend, str):
        raise error.AssertedTypeError(f"optimize_for: backend={backend!r}; expected a string")
    arguments = _named(args, symbol.list_arguments(), "args")
    states = _named(aux, symbol.list_auxiliary_states(), "aux")
    made = _core.optimize_for(
        symbol,
        backend,
        {key: str(value) for key, value in options.items()},
        arguments,
        states,
        shape_dict or {},
        type_dict or {},
        not skip_infer,
    )
    if made is None:
        if backend not in _OF_THE_COMPILER:
            logging.error("Error optimizing for backend '%s' cannot be found", backend)
        return symbol._copy()
    result, new_arguments, new_states = made
    for given, new, what in ((args, new_arguments, "args"), (aux, new_states, "aux")):
        if not new:
            continue
        if not isinstance(given, dict):
            raise error.ValueError(
                f"optimize_for: backend={backend} adds {', '.join(new)}, and {what} is no dict; "
                "expected a dict, into which they are put"
            )
        ctx = current_context() if ctx is None else ctx
        given.update((name, array.as_in_context(ctx)) for name, array in new.items())
    return result


def backend_symbol(symbol, backend):
    """The symbol after a backend that exists.

    Raises:
        MXNetError: No library has brought it.
    """
    made = _core.optimize_for(symbol, backend, {}, {}, {}, {}, {}, False)
    if made is None:
        if backend not in _OF_THE_COMPILER:
            raise error.MXNetError(
                f"get_backend_symbol: backend={backend} is not found; expected MKLDNN, or one of a "
                "library that mx.library.load loaded"
            )
        return symbol._copy()
    return made[0]
