"""Models to ONNX files and back; needs the package ``onnx`` (``pip install remx[onnx]``).

The package is imported by the first call of a function.
"""

from . import mx2onnx
from .reading import get_model_metadata, import_model, import_to_gluon
from .writing import export_model, get_operator_support

__all__ = [
    "export_model",
    "get_model_metadata",
    "get_operator_support",
    "import_model",
    "import_to_gluon",
    "mx2onnx",
]
