"""Checkpoints: a symbol and its parameters in files."""

from collections import namedtuple

from . import error
from . import ndarray as nd
from . import symbol as sym
from .log import logger

__all__ = ["BatchEndParam", "save_checkpoint", "load_checkpoint", "load_params"]

BatchEndParam = namedtuple("BatchEndParams", ["epoch", "nbatch", "eval_metric", "locals"])


def save_checkpoint(prefix, epoch, symbol, arg_params, aux_params, remove_amp_cast=True):
    """Save a model to ``prefix-symbol.json`` and ``prefix-EPOCH.params``.

    Args:
        prefix (str): Prefix of the files.
        epoch (int): Number of the epoch, written with at least four digits.
        symbol (Symbol): The network; None to leave its file alone.
        arg_params (dict of str to NDArray): Parameters by name.
        aux_params (dict of str to NDArray): Auxiliary states by name.
        remove_amp_cast (bool): Whether casts that mixed precision added are left out.
    """
    if symbol is not None:
        symbol.save(f"{prefix}-symbol.json", remove_amp_cast=remove_amp_cast)
    arrays = {f"arg:{name}": array.as_in_context(_cpu()) for name, array in arg_params.items()}
    arrays.update(
        (f"aux:{name}", array.as_in_context(_cpu())) for name, array in aux_params.items()
    )
    fname = params_file(prefix, epoch)
    nd.save(fname, arrays)
    logger.info('Saved checkpoint to "%s"', fname)


def params_file(prefix, epoch):
    """Name of the parameter file of an epoch."""
    return f"{prefix}-{epoch:04d}.params"


def _cpu():
    from .context import cpu

    return cpu()


def _read(reader, fname):
    """`reader` of a file, with the file in the message of every error."""
    try:
        return reader(fname)
    except error.MXNetError as cause:
        if fname in str(cause):
            raise
        raise type(cause)(f"load_checkpoint: file={fname!r} cannot be read ({cause})") from cause


def split_params(fname):
    """Parameters and auxiliary states in a parameter file.

    Returns:
        tuple of dict: Both by name.

    Raises:
        MXNetError: The file is missing or damaged, or holds something else.
    """
    arrays = _read(nd.load, fname)
    groups = {"arg": {}, "aux": {}}
    if isinstance(arrays, list) and not arrays:
        logger.warning("load_checkpoint: file='%s' holds no parameters", fname)
        return {}, {}
    if not isinstance(arrays, dict):
        raise error.MXNetError(
            f"load_checkpoint: file={fname!r} holds arrays without names; names that "
            "begin with arg: or aux: are expected"
        )
    for key, array in arrays.items():
        kind, colon, name = key.partition(":")
        if not colon or kind not in groups:
            raise error.MXNetError(
                f"load_checkpoint: file={fname!r} holds an array named {key!r}; names "
                "that begin with arg: or aux: are expected (mx.nd.load reads others)"
            )
        groups[kind][name] = array
    return groups["arg"], groups["aux"]


def load_params(prefix, epoch):
    """Load the parameters of a model.

    Args:
        prefix (str): Prefix of the files.
        epoch (int): Number of the epoch.

    Returns:
        tuple of dict of str to NDArray: Parameters and auxiliary states by name.

    Raises:
        MXNetError: The file is missing or damaged.
    """
    return split_params(params_file(prefix, epoch))


def load_checkpoint(prefix, epoch):
    """Load a model.

    Args:
        prefix (str): Prefix of the files.
        epoch (int): Number of the epoch.

    Returns:
        tuple: Symbol, parameters by name, auxiliary states by name.

    Raises:
        MXNetError: A file is missing or damaged; the message names it.

    Example:
        >>> symbol, arg_params, aux_params = load_checkpoint("lenet", 10)
    """
    symbol = _read(sym.load, f"{prefix}-symbol.json")
    arg_params, aux_params = load_params(prefix, epoch)
    return symbol, arg_params, aux_params


def __getattr__(name):
    # The trainer needs modules, which need this file.
    if name == "FeedForward":
        from .feed_forward import FeedForward

        return FeedForward
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
