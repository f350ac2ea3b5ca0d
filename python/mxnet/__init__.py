"""Remx: a deep-learning system that takes the place of Apache MXNet 1.9.1.

Submodules are imported when they are first used, so that ``import mxnet`` stays quick.
"""

import importlib
import importlib.util

from . import _openmp  # isort: split

from . import base, context, error, ndarray
from . import ndarray as nd
from .context import Context, cpu, cpu_pinned, current_context, gpu
from .error import MXNetError
from .libinfo import __version__
from .ndarray.ndarray import waitall

# Name in this package: module, and what to take from it (the module itself when None).
_LAZY = {
    "AttrScope": ("attribute", "AttrScope"),
    "NameManager": ("name", "NameManager"),
    "sym": ("symbol", None),
    "mod": ("module", None),
    "init": ("initializer", None),
    "viz": ("visualization", None),
    "kv": ("kvstore", None),
    "mon": ("monitor", None),
    "img": ("image", None),
    "opt": ("optimizer", None),
    "rnd": ("random", None),
}


def __getattr__(name):
    module, attribute = _LAZY.get(name, (name, None))
    if name.startswith("__") or importlib.util.find_spec(f"{__name__}.{module}") is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = importlib.import_module(f"{__name__}.{module}")
    found = getattr(found, attribute) if attribute else found
    globals()[name] = found
    return found
