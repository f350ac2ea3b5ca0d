"""The array class of `mx.np`."""

import numpy as onp

from .. import _core, error
from ..ndarray.ndarray import NDArray

__all__ = ["ndarray"]


class ndarray(NDArray):
    """An array of `mx.np`: what operators give when one of their inputs is one.

    Arithmetic, comparison and indexing are those of the core, with NumPy's rules.
    """

    __module__ = "mxnet.numpy"
    __hash__ = None

    def as_nd_ndarray(self):
        """This array as an `NDArray` of `mx.nd`, which shares the memory."""
        return self._with_interface(False)

    def as_np_ndarray(self):
        """This array."""
        return self

    def __repr__(self):
        """The elements as NumPy writes them, with the device unless it is a CPU."""
        if self.shape is None:
            return "array(<holds nothing>)"
        text = repr(self.asnumpy())
        if self.dtype == onp.float32:  # NumPy names every type but its own default; ours is this
            text = text.replace(", dtype=float32)", ")")
        elif self.dtype == onp.float64:
            text = f"{text[:-1]}, dtype=float64)"
        if self.context.device_type == "cpu":
            return text
        return f"{text[:-1]}, ctx={self.context})"

    def __str__(self):
        return str(self.asnumpy())

    def __len__(self):
        if not self.shape:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def item(self, *args):
        """One element as a Python number.

        Args:
            *args (int or tuple of int): Its place; nothing for an array of one element.
        """
        return self.asnumpy().item(*args)

    def tolist(self):
        """The elements as nested lists of Python numbers."""
        return self.asnumpy().tolist()
