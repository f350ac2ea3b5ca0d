"""Models in and out of ONNX files, under the path of MXNet 1.9.1."""

from ... import onnx as _onnx
from . import onnx2mx
from .onnx2mx import get_model_metadata, import_model, import_to_gluon

__all__ = ["export_model", "get_model_metadata", "import_model", "import_to_gluon", "onnx2mx"]


def __getattr__(name):
    # Both ways live in mxnet.onnx; writing is loaded when it is asked for.
    if name in ("export_model", "mx2onnx"):
        return getattr(_onnx, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
