"""The module of this name in MXNet 1.9.1."""

from ....onnx.reading import import_to_gluon

__all__ = ["import_to_gluon"]
