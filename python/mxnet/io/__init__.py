"""Data iterators: batches from arrays and files."""

from .. import _absent
from . import io, utils
from .io import *
from .io import _init_data

__all__ = io.__all__

__getattr__ = _absent.getter(__name__)
