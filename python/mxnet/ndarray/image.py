"""Image operators: those whose name in the registry begins with _image_."""

from .. import _core
from .._namespace import PREFIXES, operator_module

__getattr__, __dir__ = operator_module(__name__, _core.op_function, (PREFIXES["image"],))
