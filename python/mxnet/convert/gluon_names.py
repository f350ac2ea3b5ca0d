"""Parameters of Gluon networks by each of the names that MXNet has given them.

``save_parameters`` writes the place of a layer (``features.0.weight``), ``collect_params().save``
its full name (``resnetv10_conv0_weight``), with or without the network's prefix, ``export`` the
same behind ``arg:`` and ``aux:``.
"""

import os

from .. import error
from .. import ndarray as nd
from ..context import cpu

__all__ = ["are_gluon_names", "fill"]

_ENDINGS = ("_weight", "_bias", "_gamma", "_beta", "_running_mean", "_running_var")


def _plain(name):
    """A name without ``arg:`` or ``aux:``."""
    return name.partition(":")[2] if name.startswith(("arg:", "aux:")) else name


def are_gluon_names(names):
    """Whether names are those of a Gluon network rather than of PyTorch."""
    plain = [_plain(name) for name in names]
    return all(name.endswith(_ENDINGS) for name in plain) or any(
        name.endswith((".gamma", ".beta")) for name in plain
    )


def _without_prefix(names):
    """Names by what is left of them without the prefix that all share."""
    shared = os.path.commonprefix(list(names))
    cut = shared.rfind("_") + 1
    return {name[cut:]: value for name, value in names.items()}


def fill(net, name, arrays):
    """Give a network parameters by any of the names.

    Args:
        net (HybridBlock): The network.
        name (str): What to call it in errors.
        arrays (dict of str to numpy.ndarray): The parameters.

    Raises:
        ValueError: They are those of another network.
    """
    theirs = {_plain(key): array for key, array in arrays.items()}
    ours = net._collect_params_with_prefix()
    if not set(theirs) & set(ours):
        theirs = _without_prefix(theirs)
        ours = _without_prefix(dict(net.collect_params().items()))
    different = sorted(set(theirs) ^ set(ours))
    if different:
        side = "not in the file" if different[0] in ours else f"not of {name}"
        raise error.ValueError(
            f"convert: the parameter {different[0]!r} is {side}; the parameters of {name} are "
            "expected"
        )
    for key, parameter in ours.items():
        known, shape = parameter.shape, theirs[key].shape
        if len(known) != len(shape) or any(a not in (0, b) for a, b in zip(known, shape)):
            raise error.ValueError(
                f"convert: {key!r} of the file has the shape {shape}; {known} of {name} is expected"
            )
        parameter._load_init(nd.array(theirs[key]), cpu())
