"""Pictures: the functions of `mx.image`, and the image operators for arrays of `mx.np`.

The operators are those whose name in the registry begins with _npx__image_.
"""

from .. import _core
from .. import image as _pictures
from .._namespace import operator_module

_find, _operators = operator_module(__name__, _core.function, ("_npx__image_",))


def __getattr__(name):
    if name == "__all__":
        return [each for each in __dir__() if not each.startswith("_")]
    return getattr(_pictures, name) if hasattr(_pictures, name) else _find(name)


def __dir__():
    return sorted({*_operators(), *_pictures.__all__, "det", "detection", "image"})
