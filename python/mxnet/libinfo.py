"""Versions."""

__all__ = ["__version__", "__remx_version__"]

# Programs ask for the version of MXNet whose interface they find here.
__version__ = "1.9.1"
__remx_version__ = "0.1.0"
