"""Pictures: reading, resizing, cropping, augmenting, and batches of them."""

from . import image
from .image import *

__all__ = image.__all__
