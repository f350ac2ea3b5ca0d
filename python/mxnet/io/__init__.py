"""Data iterators: batches from arrays and files."""

from . import io, utils
from .io import *

__all__ = io.__all__
