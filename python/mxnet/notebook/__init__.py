"""Helpers for notebooks."""

from . import callback

__all__ = ["callback"]
