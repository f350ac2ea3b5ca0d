"""Operators of signals."""
