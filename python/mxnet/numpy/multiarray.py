"""The array class and the functions of `mx.np`."""

from . import _elementwise, _ndarray
from ._elementwise import *
from ._ndarray import ndarray
from .. import _core
from ..symbol.numpy._symbol import _Symbol

__all__ = [*_ndarray.__all__, *_elementwise.__all__]

_core.set_numpy_types(ndarray, _Symbol)
