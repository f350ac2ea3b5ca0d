"""Parameters and networks in the files of other programs; what ``remx convert`` uses."""

from .arrays import read_arrays, write_arrays

__all__ = ["read_arrays", "write_arrays"]
