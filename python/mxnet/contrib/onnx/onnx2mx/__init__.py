"""Networks out of ONNX files, under the path of MXNet 1.9.1."""

from ....onnx.reading import get_model_metadata, import_model, import_to_gluon

__all__ = ["get_model_metadata", "import_model", "import_to_gluon"]
