"""Initializers that choose among others, or take values from a file."""

import re

from .. import error
from ..log import logger
from ..ndarray import load

__all__ = ["Load", "Mixed"]


class Load:
    """Takes parameters from a file or a dict, and the others from another initializer.

    Args:
        param (str or dict of str to NDArray): File that `mx.nd.save` wrote, or the parameters;
            ``arg:`` and ``aux:`` before names are dropped.
        default_init (Initializer): For parameters that are not there.
        verbose (bool): Whether to log where each parameter came from.

    Raises:
        ValueError: A parameter has another shape, or is not there and there is no `default_init`.
    """

    def __init__(self, param, default_init=None, verbose=False):
        if isinstance(param, str):
            param = load(param)
        if not isinstance(param, dict):
            raise error.AssertedValueError(
                f"Load: param is a {type(param).__name__}; arrays by name, or a "
                "file of arrays by name, are expected"
            )
        self.param = {
            name[4:] if name.startswith(("arg:", "aux:")) else name: array
            for name, array in param.items()
        }
        self.default_init = default_init
        self.verbose = verbose

    def __call__(self, name, arr):
        if name in self.param:
            found = self.param[name]
            if found.shape != arr.shape:
                raise error.AssertedValueError(
                    f"Load: parameter {name} has the shape {found.shape}; {arr.shape} is expected"
                )
            arr[:] = found
            source = "loading"
        elif self.default_init is not None:
            self.default_init(name, arr)
            source = "default"
        else:
            raise error.AssertedValueError(
                f"Load: parameter {name} is not among those loaded; a "
                "default_init is expected for parameters of its own"
            )
        if self.verbose:
            logger.info("Initialized %s by %s", name, source)


class Mixed:
    """Chooses an initializer by the first pattern that the parameter's name begins with.

    Args:
        patterns (list of str): Regular expressions.
        initializers (list of Initializer): One for each pattern.

    Example:
        >>> Mixed(["bias", ".*"], [Zero(), Uniform(0.1)])("fc_weight", array)
    """

    def __init__(self, patterns, initializers):
        if len(patterns) != len(initializers):
            raise error.AssertedValueError(
                f"Mixed: there are {len(patterns)} patterns and "
                f"{len(initializers)} initializers; one initializer for each "
                "pattern is expected"
            )
        self.map = [(re.compile(pattern), init) for pattern, init in zip(patterns, initializers)]

    def __call__(self, name, arr):
        for pattern, init in self.map:
            if pattern.match(name):
                init(name, arr)
                return
        raise error.ValueError(
            f"Mixed: parameter {name} matches no pattern; a last pattern '.*' is "
            "expected for all others"
        )
