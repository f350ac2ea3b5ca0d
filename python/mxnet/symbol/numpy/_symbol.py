"""The symbol class of `mx.sym.np`."""

from ..symbol import Symbol

__all__ = ["_Symbol"]


class _Symbol(Symbol):
    """A computation on arrays of `mx.np`: what operators give when one of their inputs is one."""

    __module__ = "mxnet.symbol.numpy"

    def as_nd_ndarray(self):
        """This symbol as a `Symbol` of `mx.sym`."""
        return self._with_interface(False)

    def as_np_ndarray(self):
        """This symbol."""
        return self
