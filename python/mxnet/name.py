"""Names for symbols that the user does not name."""

from ._scope import Scope

__all__ = ["NameManager", "Prefix"]


class NameManager(Scope):
    """Gives operators without a name their kind and a number: ``convolution0``.

    As a context manager it names the symbols that are created inside.
    """

    def __init__(self):
        self._counter = {}

    def get(self, name, hint):
        """`name` if it is given, else the next free name of the kind `hint`."""
        if name:
            return name
        number = self._counter.get(hint, 0)
        self._counter[hint] = number + 1
        return f"{hint}{number}"


class Prefix(NameManager):
    """Puts a prefix before every name, given ones too.

    Args:
        prefix (str): The prefix.
    """

    def __init__(self, prefix):
        super().__init__()
        self._prefix = prefix

    def get(self, name, hint):
        return self._prefix + super().get(name, hint)
