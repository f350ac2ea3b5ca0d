"""Random numbers beyond those of NumPy, as arrays of `mx.np`, and the seed."""

from ..numpy._ops import array_operator
from ..random import seed
from ._random_functions import RandomExtension

_FUNCTIONS = RandomExtension(array_operator).functions()
globals().update(_FUNCTIONS)
__all__ = ["seed", *_FUNCTIONS]
