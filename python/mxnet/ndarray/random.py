"""Random arrays."""

from .. import _core
from .._core import NDArray
from .._namespace import operator_module
from .._random_functions import make_functions
from . import _internal

__getattr__, __dir__ = operator_module(__name__, _core.op_function, ("_random_", "_sample_"))
_FUNCTIONS = make_functions(NDArray, _internal, __name__)
globals().update(_FUNCTIONS)
__all__ = list(_FUNCTIONS)
