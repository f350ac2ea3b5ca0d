"""Random numbers beyond those of NumPy, as arrays of `mx.np`, and the seed."""

from .. import random as _random
from ..numpy._ops import array_operator
from ._random_functions import RandomExtension

_FUNCTIONS = RandomExtension(array_operator).functions()
globals().update(_FUNCTIONS)
__all__ = ["seed", *_FUNCTIONS]


def seed(seed, ctx="all"):
    """Set the seed of the random numbers.

    Args:
        seed (int): The seed.
        ctx (Context or str): Which device's generator; 'all' is every one.

    Raises:
        ValueError: The seed is no integer.
    """
    _random.seed(seed, ctx)
