"""Networks as Python programs: blocks, parameters, layers, losses, training and data.

Its modules are imported when they are first used.
"""

import importlib

from .. import _absent, ndarray, symbol
from .block import Block, HybridBlock, SymbolBlock
from .parameter import Constant, DeferredInitializationError, Parameter, ParameterDict
from .trainer import Trainer

__all__ = [
    "Block",
    "HybridBlock",
    "SymbolBlock",
    "Constant",
    "DeferredInitializationError",
    "Parameter",
    "ParameterDict",
    "Trainer",
]

_MODULES = (
    "block",
    "contrib",
    "data",
    "loss",
    "model_zoo",
    "nn",
    "parameter",
    "rnn",
    "trainer",
    "utils",
)
_missing = _absent.getter(__name__)


def __getattr__(name):
    if name == "tensor_types":
        return symbol.Symbol, ndarray.NDArray
    if name not in _MODULES:
        return _missing(name)
    return importlib.import_module(f"{__name__}.{name}")


def __dir__():
    return sorted({*globals(), *_MODULES} - {"importlib"})
