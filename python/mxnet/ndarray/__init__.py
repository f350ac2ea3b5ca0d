"""Arrays, and the operators that work on them."""

import importlib

from .. import _core
from .._core import CachedOp
from .._namespace import operator_module
from . import _internal, contrib, image, linalg, op, random, utils
from ._numbers import _DTYPE_MX_TO_NP as _DTYPE_MX_TO_NP
from ._numbers import _DTYPE_NP_TO_MX as _DTYPE_NP_TO_MX
from ._numbers import _GRAD_REQ_MAP as _GRAD_REQ_MAP
from .ndarray import *
from .utils import array, empty, load, load_frombuffer, save, zeros

_find_operator, _names = operator_module(__name__, _core.op_function)
_SHORT = {"np": "numpy", "npx": "numpy_extension"}


def __getattr__(name):
    if name in ("sparse", "numpy", "numpy_extension", *_SHORT):
        return importlib.import_module(f"{__name__}.{_SHORT.get(name, name)}")
    if name == "imdecode":  # mxnet.image puts it here
        importlib.import_module("mxnet.image")
        return globals()[name]
    return _find_operator(name)


def __dir__():
    return sorted({*_names(), *_SHORT})
