"""How arrays are written."""

import numpy as onp

__all__ = ["set_printoptions"]


def set_printoptions(precision=None, threshold=None, **kwarg):
    """Choose how arrays are written: NumPy's options, which hold for its own arrays, too.

    Args:
        precision (int): Digits behind the point.
        threshold (int): From how many elements on only the first and last ones are written.
        **kwarg: Further ones of `numpy.set_printoptions`.
    """
    onp.set_printoptions(precision=precision, threshold=threshold, **kwarg)
