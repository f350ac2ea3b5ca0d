"""Initial values of parameters."""

from .. import _absent
from . import base, fused_rnn, sources, values
from .base import *
from .fused_rnn import *
from .sources import *
from .values import *

__all__ = base.__all__ + fused_rnn.__all__ + sources.__all__ + values.__all__

__getattr__ = _absent.getter(__name__)
