"""Experimental operators: those whose name in the registry begins with _contrib_."""

from .. import _candidates, _core
from .._namespace import PREFIXES, operator_module
from . import random
from ._control_flow import cond, foreach, while_loop  # noqa: F401, offered here
from ._update_functions import adamw_update, mp_adamw_update  # noqa: F401, offered here

__getattr__, __dir__ = operator_module(__name__, _core.symbol_function, (PREFIXES["contrib"],))


def rand_zipfian(true_classes, num_sampled, range_max):
    """Candidates for sampled losses, see `mx.nd.contrib.rand_zipfian`.

    Args:
        true_classes (Symbol): Classes of the targets.
        num_sampled (int): How many classes to draw.
        range_max (int): Number of classes.

    Returns:
        tuple of Symbol: The classes; expected counts of the true and of the drawn ones.
    """
    return _candidates.zipfian(random.uniform, true_classes, num_sampled, range_max)
