"""Operators of elements."""
