"""Pictures: the functions of `mx.image`, and the image operators for arrays of `mx.np`.

The operators are those whose name in the registry begins with _npx__image_.
"""

from .. import _core
from .._namespace import operator_module
from ..image import *

__getattr__, __dir__ = operator_module(__name__, _core.function, ("_npx__image_",))
