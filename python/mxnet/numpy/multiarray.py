"""The array class and the functions of `mx.np`."""

from .. import _core
from ..symbol.numpy._symbol import _Symbol
from . import (
    _creation,
    _elementwise,
    _indexing_functions,
    _joining,
    _ndarray,
    _products,
    _reductions,
    _shapes,
    fallback,
    function_base,
    stride_tricks,
)
from ._creation import *
from ._elementwise import *
from ._indexing_functions import *
from ._joining import *
from ._ndarray import ndarray
from ._products import *
from ._reductions import *
from ._shapes import *
from .fallback import *
from .function_base import *
from .stride_tricks import *

__all__ = [
    *_ndarray.__all__,
    *_creation.__all__,
    *_elementwise.__all__,
    *_indexing_functions.__all__,
    *_joining.__all__,
    *_products.__all__,
    *_reductions.__all__,
    *_shapes.__all__,
    *fallback.__all__,
    *function_base.__all__,
    *stride_tricks.__all__,
]

_core.set_numpy_types(ndarray, _Symbol)
