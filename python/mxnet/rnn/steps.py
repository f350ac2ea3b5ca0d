"""What cells compute in a step from their two products; the same for matrices and convolutions."""

from .. import symbol
from ..symbol import _internal


def lstm_step(gates, cell_state, act, name):
    """The step of an LSTM.

    Args:
        gates (Symbol): The gates i, f, c and o, with four outputs.
        cell_state (Symbol): The state c before.
        act (function): Activation of a symbol, with the arguments of a node.
        name (str): Prefix of names.

    Returns:
        tuple: Output, list of states.
    """
    enter = symbol.Activation(gates[0], act_type="sigmoid", name=f"{name}i")
    forget = symbol.Activation(gates[1], act_type="sigmoid", name=f"{name}f")
    change = act(gates[2], name=f"{name}c")
    leave = symbol.Activation(gates[3], act_type="sigmoid", name=f"{name}o")
    cell = _internal._plus(forget * cell_state, enter * change, name=f"{name}state")
    output = _internal._mul(leave, act(cell), name=f"{name}out")
    return output, [output, cell]


def gru_step(i2h, h2h, state, act, name):
    """The step of a GRU.

    Args:
        i2h (Symbol): Product of the input for the gates r, z and o, with three outputs.
        h2h (Symbol): Product of the state, likewise.
        state (Symbol): The state before.
        act (function): Activation of a symbol, with the arguments of a node.
        name (str): Prefix of names.

    Returns:
        tuple: Output, list of states.
    """
    reset = symbol.Activation(i2h[0] + h2h[0], act_type="sigmoid", name=f"{name}_r_act")
    update = symbol.Activation(i2h[1] + h2h[1], act_type="sigmoid", name=f"{name}_z_act")
    change = act(i2h[2] + reset * h2h[2], name=f"{name}_h_act")
    output = _internal._plus((1.0 - update) * change, update * state, name=f"{name}out")
    return output, [output]
