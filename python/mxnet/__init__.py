"""Remx: a deep-learning system that takes the place of Apache MXNet 1.9.1.

Submodules are imported when they are first used, so that ``import mxnet`` stays quick.
"""

import importlib
import os
import sys

if os.environ.get("DMLC_ROLE") in ("server", "scheduler"):
    # Programs that start parameter servers wait for them to end; the ranks need none.
    sys.exit(0)

from . import _processor  # isort: skip
from . import _openmp  # isort: split

from . import _absent, _core, base, context, error, ndarray
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
    "np": ("numpy", None),
    "npx": ("numpy_extension", None),
    "np_symbol": ("symbol.numpy._symbol", None),
}
_LAZY.update(
    (name, (name, None))
    for name in """attribute autograd callback contrib engine executor executor_manager
    feed_forward gluon image initializer io kvstore libinfo log lr_scheduler metric misc model
    library module monitor name notebook numpy numpy_extension onnx operator optimizer profiler random recordio registry
    rnn rtc runtime symbol test_utils util visualization""".split()
)
_LAZY.update(
    (name, ("util", name))
    for name in """is_np_array is_np_shape np_array np_shape set_np_shape use_np use_np_array
    use_np_shape""".split()
)
_absent.install_finder()


def __getattr__(name):
    if name not in _LAZY:
        text = _absent.message(f"{__name__}.{name}")
        raise AttributeError(text or f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _LAZY[name]
    found = importlib.import_module(f"{__name__}.{module}")
    found = getattr(found, attribute) if attribute else found
    globals()[name] = found
    return found


def __dir__():
    return sorted(
        {name for name in globals() if name not in ("importlib", "os", "sys")} | set(_LAZY)
    )


if _core.env_flag("MXNET_PROFILER_AUTOSTART"):
    importlib.import_module(f"{__name__}.profiler")._start_from_environment()
