"""How blocks and their parameters get their names, on which names in files depend."""

import threading

from ... import name as naming
from ..parameter import ParameterDict

__all__ = ["BlockScope"]


class BlockScope:
    """Inside of it, as a ``with`` block, new blocks and symbols get the prefix of a block.

    Args:
        block (Block): The block.
    """

    _current = threading.local()  # has the innermost scope as `value`, None or nothing outside

    def __init__(self, block):
        self._block = block
        self._counter = {}
        self._entered = []

    @staticmethod
    def create(prefix, params, hint):
        """The prefix and the parameters of a new block.

        Args:
            prefix (str): The prefix that was given, or None.
            params (ParameterDict): What it shares parameters with, or None.
            hint (str): Name of its kind.

        Returns:
            tuple: The full prefix (str) and a ParameterDict.
        """
        scope = getattr(BlockScope._current, "value", None)
        if scope is None:
            if prefix is None:
                prefix = naming.NameManager.current.get(None, hint) + "_"
            outer, shared = "", None
        else:
            if prefix is None:
                number = scope._counter.get(hint, 0)
                scope._counter[hint] = number + 1
                prefix = f"{hint}{number}_"
            outer, shared = scope._block.prefix, scope._block.params._shared
        if params is not None:
            return outer + prefix, ParameterDict(params.prefix, params)
        parent = scope._block.params.prefix if scope is not None else ""
        return outer + prefix, ParameterDict(parent + prefix, shared)

    def __enter__(self):
        if self._block._empty_prefix:
            return self
        names = naming.Prefix(self._block.prefix)
        self._entered.append((getattr(self._current, "value", None), names))
        self._current.value = self
        names.__enter__()
        return self

    def __exit__(self, kind, value, trace):
        if self._block._empty_prefix:
            return
        self._current.value, names = self._entered.pop()
        names.__exit__(kind, value, trace)
