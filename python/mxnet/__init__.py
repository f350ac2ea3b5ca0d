"""Remx: a deep-learning system that takes the place of Apache MXNet."""
from . import context
from .context import Context, cpu, cpu_pinned, current_context, gpu
from .error import MXNetError
from . import base, ndarray
from . import ndarray as nd
from .ndarray.ndarray import waitall

__version__ = "1.9.1"
