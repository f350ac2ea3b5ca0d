"""Operators of pictures and boxes."""
