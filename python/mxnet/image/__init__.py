"""Pictures: reading, resizing, cropping, augmenting, and batches of them."""

from .. import _absent
from . import image
from .image import *

__all__ = image.__all__

__getattr__ = _absent.getter(__name__)
