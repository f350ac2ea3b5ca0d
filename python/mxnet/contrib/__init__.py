"""What MXNet calls experimental: its operators under their older paths, and small helpers."""

import importlib

from .. import _absent
from . import autograd, io, ndarray, symbol, tensorboard, text
from . import ndarray as nd
from . import symbol as sym

# Loaded when they are asked for, as they need modules, Gluon or other packages; "quant" is 1.9.1's
# short name.
_LATER = {
    "amp": "amp",
    "onnx": "onnx",
    "quant": "quantization",
    "quantization": "quantization",
    "svrg_optimization": "svrg_optimization",
}

__all__ = ["autograd", "io", "nd", "ndarray", "sym", "symbol", "tensorboard", "text", *_LATER]

_find_absent = _absent.getter(__name__)


def __getattr__(name):
    if name not in _LATER:
        return _find_absent(name)
    module = importlib.import_module(f"{__name__}.{_LATER[name]}")
    globals()[name] = module
    return module
