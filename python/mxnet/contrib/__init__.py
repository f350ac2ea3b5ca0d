"""What MXNet calls experimental: its operators under their older paths, and small helpers."""

from .. import _absent
from . import autograd, io, ndarray, svrg_optimization, symbol, tensorboard, text
from . import ndarray as nd
from . import symbol as sym

__all__ = ["autograd", "io", "nd", "ndarray", "svrg_optimization", "sym", "symbol"]
__all__ += ["tensorboard", "text"]

__getattr__ = _absent.getter(__name__)
