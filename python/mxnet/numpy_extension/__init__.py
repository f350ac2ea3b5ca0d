"""What networks need beyond NumPy: operators of neural networks for arrays of `mx.np`, switches.

The operators are those whose name in the registry begins with _npx_.
"""

import importlib

from .. import _core
from .._namespace import operator_module
from ..context import Context, cpu, cpu_pinned, current_context, gpu, gpu_memory_info, num_gpus
from ..ndarray.ndarray import waitall
from ..util import (
    get_cuda_compute_capability,
    is_np_array,
    is_np_shape,
    reset_np,
    set_np,
)
from . import random, utils
from .utils import load, save

_find, __dir__ = operator_module(__name__, _core.function, ("_npx_",))


def __getattr__(name):
    if name == "image":
        return importlib.import_module(f"{__name__}.image")
    return _find(name)
