"""The module of this name in MXNet 1.9.1."""

from ....onnx.reading import get_model_metadata, import_model

__all__ = ["get_model_metadata", "import_model"]
