"""Random numbers: the seed, and the functions of `mx.nd.random`."""

from . import _core, error
from .ndarray import random as _arrays

__all__ = ["seed", *_arrays.__all__]

globals().update((_name, getattr(_arrays, _name)) for _name in _arrays.__all__)


def seed(seed_state, ctx="all"):
    """Set the seed of the random numbers.

    Args:
        seed_state (int): The seed.
        ctx (Context or str): Which device's generator; 'all' is every one.

    Raises:
        ValueError: The seed is no integer.
    """
    if isinstance(seed_state, bool) or not hasattr(seed_state, "__index__"):
        raise error.ValueError(
            f"seed: seed_state={seed_state!r} is not an integer; expected an int"
        )
    number = seed_state.__index__() & 0xFFFFFFFF
    if isinstance(ctx, str) and ctx == "all":
        _core.seed_all(number)
    else:
        _core.seed_device(number, ctx)
