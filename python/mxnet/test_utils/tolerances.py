"""How far results may be apart, by type."""

import numpy as np

__all__ = [
    "default_dtype",
    "default_rtols",
    "default_atols",
    "default_numeric_eps",
    "effective_dtype",
    "get_tolerance",
    "get_tols",
    "get_atol",
    "get_rtol",
    "get_etol",
]

_EXACT = ("bool", "int8", "uint8", "int32", "uint32", "int64", "uint64")


def default_dtype():
    """The type of test data."""
    return np.float32


def _by_dtype(half, single, double):
    named = {"float16": half, "float32": single, "float64": double}
    return {np.dtype(name): value for name, value in named.items()}


def default_rtols():
    """Relative tolerances (dict of dtype to number)."""
    return {**_by_dtype(1e-2, 1e-4, 1e-5), **{np.dtype(name): 0 for name in _EXACT}}


def default_atols():
    """Absolute tolerances (dict of dtype to number)."""
    return {**_by_dtype(1e-1, 1e-3, 1e-20), **{np.dtype(name): 0 for name in _EXACT}}


def default_numeric_eps():
    """Steps of numeric gradients (dict of dtype to number)."""
    return _by_dtype(1 / 2**6, 1 / 2**9, 1 / 2**14)


def effective_dtype(dat):
    """The dtype of an array or of a number, or a dtype itself."""
    if isinstance(dat, type):
        return np.dtype(dat)
    return np.dtype(getattr(dat, "dtype", None) or np.asarray(dat).dtype)


def get_tolerance(dat, tol, default_tol):
    """`tol`, or what the table `default_tol` has for the dtype of `dat`; 0 for other dtypes."""
    return default_tol.get(effective_dtype(dat), 0) if tol is None else tol


def get_tols(x, y, rtol, atol):
    """Relative and absolute tolerance for two arrays: of the less exact dtype where None."""
    return (
        max(get_tolerance(array, rtol, default_rtols()) for array in (x, y)),
        max(get_tolerance(array, atol, default_atols()) for array in (x, y)),
    )


def get_atol(atol=None, dtype=np.dtype(np.float64)):  # noqa: B008
    """`atol`, or the absolute tolerance of a dtype."""
    return get_tolerance(np.dtype(dtype).type, atol, default_atols())


def get_rtol(rtol=None, dtype=np.dtype(np.float64)):  # noqa: B008
    """`rtol`, or the relative tolerance of a dtype."""
    return get_tolerance(np.dtype(dtype).type, rtol, default_rtols())


def get_etol(etol=None):
    """`etol`, the share of elements that may differ; 0 if it is None."""
    return 0 if etol is None else etol
