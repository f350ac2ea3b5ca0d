"""Experimental samplers of data."""

from .sampler import IntervalSampler

__all__ = ["IntervalSampler"]
