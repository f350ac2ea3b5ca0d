"""Experimental samplers of data."""

from .... import _absent
from .sampler import IntervalSampler

__all__ = ["IntervalSampler"]

__getattr__ = _absent.getter(__name__)
