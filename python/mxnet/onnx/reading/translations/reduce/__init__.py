"""Operators over axes."""
