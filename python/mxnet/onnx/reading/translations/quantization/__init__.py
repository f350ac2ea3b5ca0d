"""Operators of quantized numbers."""
