"""Arrays with NumPy's functions, on every device and differentiable: ``from mxnet import np, npx``.

Call `npx.set_np()` once before, so that shapes have NumPy's meaning and Gluon gives these arrays.
The functions that take arrays take the symbols of `mx.sym.np`, too.
"""

from . import arrayprint, io, linalg, multiarray, random, utils
from .arrayprint import *
from .io import *
from .multiarray import *
from .utils import *

__all__ = [
    "linalg",
    "random",
    *arrayprint.__all__,
    *io.__all__,
    *multiarray.__all__,
    *utils.__all__,
]
