"""What MXNet calls experimental in Gluon; its modules are imported when they are first used."""

import importlib

from ... import _absent

_MODULES = ("cnn", "data", "estimator", "nn", "rnn")
_missing = _absent.getter(__name__)


def __getattr__(name):
    if name not in _MODULES:
        return _missing(name)
    return importlib.import_module(f"{__name__}.{name}")


def __dir__():
    return sorted({*globals(), *_MODULES} - {"importlib"})
