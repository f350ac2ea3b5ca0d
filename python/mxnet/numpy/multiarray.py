"""The array class and the functions of `mx.np`."""

from .. import _core
from ..symbol.numpy._symbol import _Symbol
from . import _creation, _elementwise, _ndarray, fallback
from ._creation import *
from ._elementwise import *
from ._ndarray import ndarray
from .fallback import *

__all__ = [
    *_ndarray.__all__,
    *_creation.__all__,
    *_elementwise.__all__,
    *fallback.__all__,
]

_core.set_numpy_types(ndarray, _Symbol)
