"""Optimizers: how parameters follow their gradients."""

from . import optimizer
from .optimizer import *

__all__ = optimizer.__all__
