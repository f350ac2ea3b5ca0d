"""Operators on sparse arrays, which are dense in files."""
