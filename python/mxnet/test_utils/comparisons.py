"""Comparing arrays."""

import json

import numpy as np

from ..ndarray import NDArray
from .tolerances import get_atol, get_etol, get_rtol, get_tols

__all__ = [
    "same",
    "same_array",
    "checkShapes",
    "almost_equal",
    "locationError",
    "assert_almost_equal",
    "assert_allclose",
    "assert_almost_equal_with_err",
    "assert_almost_equal_ignore_nan",
    "assert_exception",
    "compare_ndarray_tuple",
    "same_symbol_structure",
]


def to_numpy(array):
    """An NDArray, dense or sparse, or anything like an array as a NumPy array."""
    return array.asnumpy() if isinstance(array, NDArray) else np.asarray(array)


def same(a, b):
    """Whether two arrays have equal elements."""
    return np.array_equal(to_numpy(a), to_numpy(b))


def same_array(array1, array2):
    """Whether two NDArrays share their memory: a change of one shows in the other."""
    for changed, other in ((array1, array2), (array2, array1)):
        changed[:] += 1
        equal = same(changed, other)
        changed[:] -= 1
        if not equal:
            return False
    return True


def _message(a, b, reason):
    return f"\nItems are not equal: {reason}\n ACTUAL: {a!r}\n DESIRED: {b!r}"


def checkShapes(a, b):  # noqa: N802
    """Raise AssertionError unless two arrays have the same shape."""
    if a.shape != b.shape:
        reason = f"a.shape = {a.shape} and b.shape = {b.shape} are not equal"
        raise AssertionError(_message(to_numpy(a), to_numpy(b), reason))


def almost_equal(a, b, rtol=None, atol=None, equal_nan=False, use_broadcast=True):
    """Whether two arrays are equal within ``atol + rtol * abs(b)``.

    Args:
        a (NDArray or numpy.ndarray): What was found.
        b (NDArray or numpy.ndarray): What is expected.
        rtol (float): Relative tolerance; None is that of float64, whatever the types.
        atol (float): Absolute tolerance; None is that of float64, whatever the types.
        equal_nan (bool): Whether NaN equals NaN.
        use_broadcast (bool): Whether shapes may be broadcast.

    Raises:
        AssertionError: The shapes differ and may not.
    """
    rtol, atol = get_rtol(rtol), get_atol(atol)
    a, b = to_numpy(a), to_numpy(b)
    if not use_broadcast:
        checkShapes(a, b)
    return bool(np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=equal_nan))


def locationError(a, b, index, names, maxError=False):  # noqa: N802, N803
    """A text that says what two arrays hold at a place, which is that of the largest error or not.

    Args:
        a (numpy.ndarray): What was found.
        b (numpy.ndarray): What is expected.
        index (tuple of int): The place.
        names (tuple of str): What to call the two.
        maxError (bool): Whether it is the place of the largest error.
    """
    which = "maximum error" if maxError else "error"
    return f"Location of {which}: {index}, {names[0]}={a[index]:.8f}, {names[1]}={b[index]:.8f}"


class _Differences:
    """Where two arrays are not equal within a tolerance."""

    def __init__(self, a, b, rtol, atol, equal_nan):
        self.a, self.b = np.broadcast_arrays(to_numpy(a), to_numpy(b))
        self.rtol, self.atol = rtol, atol
        # Differences of small integers and of booleans do not fit into their own types.
        wide = [
            np.asarray(array, dtype=np.result_type(array, np.float64)) for array in (self.a, self.b)
        ]
        self.found = ~np.isclose(*wide, rtol=rtol, atol=atol, equal_nan=equal_nan)
        with np.errstate(all="ignore"):
            error = np.abs(wide[0] - wide[1]) / (atol + rtol * np.abs(wide[1]))
        self.error = np.where(self.found, error, 0)
        places = np.argwhere(self.found)
        # NaN is the largest error.
        keys = np.nan_to_num([self.error[tuple(place)] for place in places], nan=np.inf)
        self.places = [tuple(map(int, places[i])) for i in np.argsort(-keys, kind="stable")]

    @property
    def share(self):
        """Share of the elements that differ."""
        return len(self.places) / max(self.found.size, 1)

    def list(self, count, names):
        """A text of the `count` largest errors."""
        lines = [
            f"  {i}: Error {self.error[place]:.6f}  {locationError(self.a, self.b, place, names)}"
            for i, place in enumerate(self.places[:count], start=1)
        ]
        head = (
            f"\n*** Maximum errors for vector of size {self.found.size}:  rtol={self.rtol}, "
            f"atol={self.atol}\n"
        )
        return "\n".join([head, *lines])

    def raise_error(self, names, mismatches):
        """Print the largest errors and raise an AssertionError about the first."""
        place = self.places[0]
        if mismatches[0] > 0:
            print(self.list(mismatches[0], names))
        raise AssertionError(
            f"\nItems are not equal:\nError {self.error[place]:.6f} exceeds tolerance "
            f"rtol={self.rtol:e}, atol={self.atol:e} (mismatch {100 * self.share:.6f}%).\n"
            f"{locationError(self.a, self.b, place, names, maxError=True)}\n"
            f" ACTUAL: {self.a!r}\n DESIRED: {self.b!r}"
        )


def assert_almost_equal(
    a,
    b,
    rtol=None,
    atol=None,
    names=("a", "b"),
    equal_nan=False,
    use_broadcast=True,
    mismatches=(10, 10),
):
    """Raise AssertionError, naming the largest errors, unless two arrays are almost equal.

    Args:
        a, b, rtol, atol, equal_nan, use_broadcast: See `almost_equal`.
        names (tuple of str): What to call the two.
        mismatches (tuple of int): How many errors to print.
    """
    assert_almost_equal_with_err(
        a, b, rtol, atol, 0, names, equal_nan, mismatches, use_broadcast=use_broadcast
    )


def assert_allclose(a, b, rtol=1e-07, atol=0, equal_nan=True):
    """`assert_almost_equal` with the tolerances of `numpy.testing.assert_allclose`."""
    assert_almost_equal(a, b, rtol=rtol, atol=atol, equal_nan=equal_nan)


def assert_almost_equal_with_err(
    a,
    b,
    rtol=None,
    atol=None,
    etol=None,
    names=("a", "b"),
    equal_nan=False,
    mismatches=(10, 10),
    use_broadcast=True,
):
    """`assert_almost_equal` that lets a share `etol` of the elements differ."""
    rtol, atol = get_tols(a, b, rtol, atol)
    a, b = to_numpy(a), to_numpy(b)
    if not use_broadcast:
        checkShapes(a, b)
    if np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=equal_nan):
        return
    differences = _Differences(a, b, rtol, atol, equal_nan)
    if differences.share > get_etol(etol):
        differences.raise_error(names, mismatches)


def assert_almost_equal_ignore_nan(a, b, rtol=None, atol=None, names=("a", "b")):
    """`assert_almost_equal` with NaN in either array equal to anything."""
    a, b = np.copy(to_numpy(a)), np.copy(to_numpy(b))
    either = np.isnan(a) | np.isnan(b)
    a[either] = b[either] = 0
    assert_almost_equal(a, b, rtol, atol, names)


def assert_exception(f, exception_type, *args, **kwargs):
    """Raise AssertionError unless ``f(*args, **kwargs)`` raises an error of that type."""
    try:
        f(*args, **kwargs)
    except exception_type:
        return
    raise AssertionError(f"{f} raised nothing; expected {exception_type.__name__}")


def compare_ndarray_tuple(t1, t2, rtol=None, atol=None):
    """`assert_almost_equal` of states of optimizers: None, arrays, or tuples of them."""
    if t1 is None or t2 is None:
        return
    if isinstance(t1, tuple):
        for each, other in zip(t1, t2):
            compare_ndarray_tuple(each, other, rtol, atol)
    else:
        assert_almost_equal(t1, t2, rtol=rtol, atol=atol)


def same_symbol_structure(sym1, sym2):
    """Whether two symbols apply the same operators to each other, whatever their names."""
    return _structure(sym1) == _structure(sym2)


def _structure(symbol):
    graph = json.loads(symbol.tojson())
    return [(node["op"], node["inputs"]) for node in graph["nodes"]], graph["heads"]
