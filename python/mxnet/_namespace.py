"""Modules whose functions are operators, made when they are first used."""

import sys

from . import _absent, _core

# Prefix of the operators that each namespace holds.
PREFIXES = {"contrib": "_contrib_", "linalg": "_linalg_", "image": "_image_", "sparse": "_sparse_"}


def public_names(prefix=""):
    """Names of the operators of a namespace: with `prefix` taken off, or the plain ones."""
    names = (name[len(prefix) :] for name in _core.list_ops(True) if name.startswith(prefix))
    return sorted(name for name in names if not name.startswith("_"))


def operator_module(module_name, make, prefixes=("",), private=False):
    """The functions ``__getattr__`` and ``__dir__`` for a module of operators.

    Args:
        module_name (str): Full name of the module.
        make (function): Makes the function: ``make(op_name, name, module_name)``.
        prefixes (tuple of str): What may stand before a function's name in the registry.
        private (bool): Whether names with a leading underscore are found.
    """

    absent = _absent.getter(module_name)

    def find(name):
        if name == "__all__":  # what a star import takes
            return [each for each in names() if not each.startswith("_")]
        if not name.startswith("__") and (private or not name.startswith("_")):
            for prefix in prefixes:
                if _core.has_op(prefix + name):
                    function = make(prefix + name, name, module_name)
                    setattr(sys.modules[module_name], name, function)
                    return function
        return absent(name)

    def names():
        found = set(vars(sys.modules[module_name]))
        for prefix in prefixes:
            found.update(public_names(prefix))
        if private:
            found.update(name for name in _core.list_ops(True) if name.startswith("_"))
        return sorted(found)

    return find, names
