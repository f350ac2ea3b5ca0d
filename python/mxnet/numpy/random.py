"""Random numbers as arrays of `mx.np`."""

from ._ops import array_operator
from ._random_functions import Random

_FUNCTIONS = Random(array_operator).functions()
globals().update(_FUNCTIONS)
__all__ = list(_FUNCTIONS)
