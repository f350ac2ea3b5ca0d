"""Experimental samplers of data, and texts."""

from .... import _absent
from . import text
from .sampler import IntervalSampler

__all__ = ["IntervalSampler"]

__getattr__ = _absent.getter(__name__)
