"""Attributes for all symbols created in a block."""

from . import error
from ._scope import Scope

__all__ = ["AttrScope"]


class AttrScope(Scope):
    """Gives the symbols that are created inside these attributes.

    Args:
        **kwargs (str): The attributes; their values are strings.

    Raises:
        ValueError: A value is not a string.
    """

    def __init__(self, **kwargs):
        for name, value in kwargs.items():
            if not isinstance(value, str):
                raise error.ValueError(
                    f"AttrScope: {name}={value!r} is a {type(value).__name__}; a string is expected"
                )
        self._own = kwargs
        self._attr = kwargs

    def get(self, attr):
        """`attr` with the attributes of this scope that it does not set itself, a new dict."""
        return {**self._attr, **(attr or {})}

    def _on_enter(self, outer):
        self._attr = {**outer._attr, **self._own}

    def __exit__(self, kind, value, trace):
        super().__exit__(kind, value, trace)
        self._attr = self._own
