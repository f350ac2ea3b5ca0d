"""Which function translates an operator of ONNX; files of `translations` are found by folder."""

import functools
import importlib
import pkgutil

from ... import error

__all__ = ["find", "names", "ranges", "translates"]

_table = {}


def translates(*operators, since=1, until=None, domain=""):
    """Register a function as the translation of operators.

    The function gets a `Node` and the inputs as values, None for those left out; it returns a value
    or a tuple of them.

    Args:
        *operators (str): Names of ONNX operators.
        since, until (int): First and last opset of the translation; None is the newest.
        domain (str): Domain of the operators; "" is the standard.
    """

    def register(function):
        for operator in operators:
            ranges = _table.setdefault((domain, operator), [])
            for first, last, _ in ranges:
                if since <= (last or since) and first <= (until or first):
                    raise error.InternalError(f"{operator}: two translations for one opset")
            ranges.append((since, until, function))
        return function

    return register


@functools.cache
def _load():
    from . import translations

    for module in pkgutil.walk_packages(translations.__path__, translations.__name__ + "."):
        importlib.import_module(module.name)


def find(domain, operator, opset):
    """The translation of an operator in a version of the operator set, or None."""
    _load()
    for first, last, function in _table.get((domain, operator), ()):
        if first <= opset and (last is None or opset <= last):
            return function
    return None


def names():
    """All operators that have translations: pairs of domain and name."""
    _load()
    return sorted(_table)


def ranges(domain, operator):
    """First and last opsets of the translations of an operator, in order; None is the newest."""
    _load()
    found = _table.get((domain, operator), ())
    return sorted((first, last) for first, last, _ in found)
