"""Checkpoints: a symbol and its parameters in files."""

import glob
import os
import re
from collections import namedtuple

from . import _files, error
from . import ndarray as nd
from . import symbol as sym
from .context import cpu
from .log import logger

__all__ = ["BatchEndParam", "save_checkpoint", "load_checkpoint", "load_params"]

BatchEndParam = namedtuple("BatchEndParams", ["epoch", "nbatch", "eval_metric", "locals"])


def save_checkpoint(prefix, epoch, symbol, arg_params, aux_params, remove_amp_cast=True):
    """Save a model to ``prefix-symbol.json`` and ``prefix-EPOCH.params``.

    Args:
        prefix (str): Prefix of the files, or of the URIs of objects.
        epoch (int): Number of the epoch, written with at least four digits.
        symbol (Symbol): The network; None to leave its file alone.
        arg_params (dict of str to NDArray): Parameters by name.
        aux_params (dict of str to NDArray): Auxiliary states by name.
        remove_amp_cast (bool): Whether casts that mixed precision added are left out.
    """
    fname = params_file(prefix, epoch)
    if symbol is not None:
        symbol.save(f"{prefix}-symbol.json", remove_amp_cast=remove_amp_cast)
    arrays = {
        f"{kind}:{name}": array.as_in_context(cpu())
        for kind, group in (("arg", arg_params), ("aux", aux_params))
        for name, array in (group or {}).items()
    }
    nd.save(fname, arrays)
    logger.info('Saved checkpoint to "%s"', fname)


def params_file(prefix, epoch, ending="params"):
    """Name of a file of an epoch, such as ``prefix-0001.params``.

    Raises:
        TypeError: `epoch` is no whole number.
    """
    # Numbers that were read from somewhere may be floats, such as 10.0.
    if not (hasattr(epoch, "__index__") or (isinstance(epoch, float) and epoch.is_integer())):
        raise error.TypeError(f"checkpoint: epoch={epoch!r} is no whole number; an int is expected")
    return f"{prefix}-{int(epoch):04d}.{ending}"


def epochs_there(prefix):
    """Numbers of the epochs that have parameter files of this machine."""
    found = (
        re.fullmatch(r"-(\d{4,})\.params", name[len(prefix) :])
        for name in glob.glob(glob.escape(prefix) + "-*.params")
    )
    return sorted(int(match[1]) for match in found if match)


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
            raise error.ValueError(
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
    fname = params_file(prefix, epoch)
    epochs = [] if _files.is_remote(prefix) else epochs_there(_files.local_path(prefix))
    if epochs and not os.path.exists(_files.local_path(fname)):
        raise error.ValueError(
            f"load_checkpoint: epoch={epoch} has no file {fname!r}; one of the epochs "
            f"{', '.join(map(str, epochs))} is expected"
        )
    return split_params(fname)


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
    params_file(prefix, epoch)  # refuses what is no epoch before anything is read
    symbol = _read(sym.load, f"{prefix}-symbol.json")
    arg_params, aux_params = load_params(prefix, epoch)
    return symbol, arg_params, aux_params
