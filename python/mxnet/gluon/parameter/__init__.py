"""Parameters of layers, and dictionaries of them."""

from .parameter import Constant, DeferredInitializationError, Parameter, tensor_types
from .parameter_dict import ParameterDict

__all__ = ["DeferredInitializationError", "Parameter", "Constant", "ParameterDict", "tensor_types"]

for _class in (Parameter, Constant, ParameterDict, DeferredInitializationError):
    _class.__module__ = __name__
