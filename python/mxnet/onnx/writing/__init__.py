"""Writes networks as ONNX files.

``export.py`` is the way in, ``source.py`` reads a symbol, ``translate.py`` goes through its nodes,
``writer.py`` collects nodes of ONNX, ``files.py`` writes them down. Folders hold the translations;
they mirror ``src/ops`` and are found by walking through them (``registry.py``).
"""

from .export import export_model
from .registry import get_operator_support

__all__ = ["export_model", "get_operator_support"]
