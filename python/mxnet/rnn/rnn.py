"""Checkpoints of networks of cells, whose files hold the weights of each gate."""

import warnings

from .. import symbol
from ..checkpoint import load_checkpoint, save_checkpoint
from .base_cell import BaseRNNCell

__all__ = ["rnn_unroll", "save_rnn_checkpoint", "load_rnn_checkpoint", "do_rnn_checkpoint"]


def rnn_unroll(cell, length, inputs=None, begin_state=None, input_prefix="", layout="NTC"):
    """Unroll a cell; `BaseRNNCell.unroll` follows it.

    Args:
        cell (BaseRNNCell): The cell.
        length (int): Number of steps.
        inputs (Symbol or list of Symbol): See there; variables if not given.
        begin_state (list of Symbol): See there.
        input_prefix (str): Comes before the names of these variables.
        layout (str): See there.
    """
    warnings.warn("rnn_unroll: cell.unroll(...) follows it", DeprecationWarning, stacklevel=2)
    if inputs is None:
        inputs = [symbol.Variable(f"{input_prefix}t{i}_data") for i in range(length)]
    return cell.unroll(length, inputs, begin_state=begin_state, layout=layout)


def _cells(cells):
    return [cells] if isinstance(cells, BaseRNNCell) else list(cells)


def save_rnn_checkpoint(cells, prefix, epoch, symbol, arg_params, aux_params):
    """Save a model with the weights of each gate; see `mxnet.model.save_checkpoint`.

    Args:
        cells (BaseRNNCell or list of BaseRNNCell): The cells of the network.
        prefix (str): Prefix of the files.
        epoch (int): Number of the epoch.
        symbol (Symbol): The network.
        arg_params (dict of str to NDArray): Parameters by name.
        aux_params (dict of str to NDArray): Auxiliary states by name.
    """
    for cell in _cells(cells):
        arg_params = cell.unpack_weights(arg_params)
    save_checkpoint(prefix, epoch, symbol, arg_params, aux_params)


def load_rnn_checkpoint(cells, prefix, epoch):
    """Load a model that `save_rnn_checkpoint` saved.

    Args:
        cells (BaseRNNCell or list of BaseRNNCell): The cells of the network.
        prefix (str): Prefix of the files.
        epoch (int): Number of the epoch.

    Returns:
        tuple: Symbol, parameters by name as the cells take them, auxiliary states by name.
    """
    net, arg_params, aux_params = load_checkpoint(prefix, epoch)
    for cell in _cells(cells):
        arg_params = cell.pack_weights(arg_params)
    return net, arg_params, aux_params


def do_rnn_checkpoint(cells, prefix, period=1):
    """A callback for `Module.fit` that saves every `period` epochs; see `save_rnn_checkpoint`."""
    period = max(1, int(period))

    def save(epoch, net=None, arg_params=None, aux_params=None):
        if (epoch + 1) % period == 0:
            save_rnn_checkpoint(cells, prefix, epoch + 1, net, arg_params, aux_params)

    return save
