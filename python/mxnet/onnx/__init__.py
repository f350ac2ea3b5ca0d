"""Models to ONNX files and back; needs the package ``onnx`` (``pip install remx[onnx]``).

The package is imported by the first call of a function.
"""

import importlib

# Name in this package: the module that has it.
_LAZY = {
    "export_model": "writing",
    "get_operator_support": "writing",
    "import_model": "reading",
    "import_to_gluon": "reading",
    "get_model_metadata": "reading",
}
_MODULES = ("backend", "mx2onnx", "reading", "writing")

__all__ = list(_LAZY)


def __getattr__(name):
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"{__name__}.{_LAZY[name]}"), name)
    globals()[name] = found
    return found


def __dir__():
    return sorted({*__all__, *_LAZY, *_MODULES})
