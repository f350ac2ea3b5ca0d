"""Names that programs look for in modules in which nothing defines them here.

MXNet 1.9.1 has them there, and other people's programs import them by those paths, underscores
or not. Each module that gives some has a table of where they are; they are imported when first
asked for, so that no module waits for another that needs it.
"""

import importlib
import sys

from . import _absent

__all__ = ["getter"]


def getter(module_name, places):
    """The function ``__getattr__`` of a module that gives names of others.

    Args:
        module_name (str): Full name of the module.
        places (dict): Module, relative to ``mxnet``, for each name: ``"gluon.nn"``, or
            ``"gluon.nn:Dense"`` where it has another name there.
    """
    missing = _absent.getter(module_name)

    def find(name):
        if name not in places:
            return missing(name)
        place, _, there = places[name].partition(":")
        value = getattr(importlib.import_module(f"mxnet.{place}"), there or name)
        setattr(sys.modules[module_name], name, value)
        return value

    return find
