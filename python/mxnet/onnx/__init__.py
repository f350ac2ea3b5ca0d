"""Models in and out of ONNX files (needs the package ``onnx``: ``pip install remx[onnx]``)."""

from .reading import get_model_metadata, import_model, import_to_gluon

__all__ = ["get_model_metadata", "import_model", "import_to_gluon"]
