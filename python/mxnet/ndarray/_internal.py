"""All operators under their names in the registry."""

import importlib

from .. import _core
from .._namespace import operator_module

# Those on picture files, which mxnet.image puts here.
_OF_IMAGE = ("_cvcopyMakeBorder", "_cvimdecode", "_cvimread", "_cvimresize", "_imdecode")

_find_operator, _operator_names = operator_module(__name__, _core.op_function, private=True)


def __getattr__(name):
    if name in _OF_IMAGE:
        importlib.import_module("mxnet.image")
        return globals()[name]
    return _find_operator(name)


def __dir__():
    return sorted({*_operator_names(), *_OF_IMAGE})
