"""Random arrays."""
__all__ = []
