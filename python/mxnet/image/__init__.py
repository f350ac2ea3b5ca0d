"""Pictures: reading, resizing, cropping, augmenting, and batches of them."""

from .. import _absent
from . import detection, image, older_names
from . import detection as det
from .detection import *
from .image import *

__all__ = [*image.__all__, *detection.__all__]

__getattr__ = _absent.getter(__name__)
