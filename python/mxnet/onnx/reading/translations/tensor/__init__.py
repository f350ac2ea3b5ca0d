"""Operators that move, make and choose elements."""
