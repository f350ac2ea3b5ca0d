"""Arrays from text files."""

import numpy as onp

from ._creation import array

__all__ = ["genfromtxt"]


def genfromtxt(*args, **kwargs):
    """An array from a file of text; the arguments are those of `numpy.genfromtxt`, and `ctx`.

    Args:
        *args: See there.
        **kwargs: See there; `ctx` (Context) is where to make the array, `dtype` its type (float32).

    Returns:
        ndarray: The numbers of the file.
    """
    ctx, dtype = kwargs.pop("ctx", None), kwargs.pop("dtype", onp.float32)
    return array(onp.genfromtxt(*args, dtype=dtype, **kwargs), dtype=dtype, ctx=ctx)
