"""The functions of `mx.np` that NumPy computes.

They take arrays of `mx.np`, on any device, and give such arrays; no gradients go through them.
Those that NumPy itself has given up are there where another function does the same.
"""

import numpy as onp

from ._by_numpy import by_numpy

_NAMES = """
allclose apply_along_axis apply_over_axes argpartition argwhere array_equal array_equiv choose
compress corrcoef correlate count_nonzero cov digitize divmod extract flatnonzero float_power frexp
heaviside histogram2d histogram_bin_edges histogramdd i0 interp intersect1d isclose isin ix_ lexsort
min_scalar_type modf nanargmax nanargmin nancumprod nancumsum nanmax nanmedian nanmin nanpercentile
nanprod nanquantile ndim packbits partition piecewise poly polyadd polydiv polyfit polyint polymul
polysub positive promote_types ptp real result_type rollaxis roots searchsorted select setdiff1d
setxor1d signbit size spacing take_along_axis tril_indices_from trim_zeros triu_indices_from union1d
unpackbits unwrap vander
""".split()
# Functions that not every NumPy has under their old names.
_OLD_NAMES = {
    "alltrue": onp.all,
    "in1d": lambda ar1, ar2, assume_unique=False, invert=False: onp.isin(
        onp.ravel(ar1), ar2, assume_unique, invert
    ),
    "msort": lambda a: onp.sort(a, axis=0),
    "trapz": getattr(onp, "trapezoid", None) or onp.trapz,
}

__all__ = sorted([*_NAMES, *_OLD_NAMES])

globals().update((name, by_numpy(getattr(onp, name), name)) for name in _NAMES)
globals().update((name, by_numpy(function, name)) for name, function in _OLD_NAMES.items())
