"""Arrays between guards: elements around them that nobody may write or be led by."""

from __future__ import annotations

import numpy as np

from . import run

# An odd number, so that the array starts at an address that suits no vector instruction.
_BEFORE, _BEHIND = 17, 16


def sentinel(dtype):
    """What guards hold: a number that spreads where it is read, or that no case computes."""
    if dtype == "bfloat16" or np.dtype(dtype).kind == "f":
        return np.nan
    return 1 if dtype == "bool" else int.from_bytes(b"\x5b" * np.dtype(dtype).itemsize, "little")


class Guarded:
    """An NDArray in the middle of a larger one whose other elements are sentinels.

    Args:
        shape: Shape of the array.
        dtype: Name of its dtype.
        values: What it holds; None: sentinels, so that elements nobody writes show.
    """

    def __init__(self, shape, dtype, values=None):
        self.dtype = dtype
        self.size = int(np.prod(shape, dtype=int))
        mark = sentinel(dtype)
        if self.size == 0:  # nothing to view
            self.whole = self.array = run.to_nd(np.zeros(shape), dtype)
            return
        content = np.full(self.size, mark) if values is None else np.reshape(values, -1)
        content = content.astype("float64") if np.isnan(mark) else content
        around = [np.full(n, mark, content.dtype) for n in (_BEFORE, _BEHIND)]
        self.whole = run.to_nd(np.concatenate([around[0], content, around[1]]), dtype)
        self.array = self.whole[_BEFORE : _BEFORE + self.size].reshape(shape)

    def check(self, what):
        """Fails where a guard was written."""
        if self.size == 0:
            return
        values = run.to_numpy(self.whole, self.dtype)
        guards = np.concatenate([values[:_BEFORE], values[_BEFORE + self.size :]])
        np.testing.assert_array_equal(
            guards,
            np.full(len(guards), sentinel(self.dtype), guards.dtype),
            err_msg=f"{what} writes outside of its arrays",
        )


def guarded_inputs(case, dtype):
    """The case's inputs between guards."""
    kinds = case.dtypes_in(dtype)
    return [Guarded(a.shape, kind, a) for a, kind in zip(case.arrays(dtype), kinds)]


def guarded_outputs(case, dtype):
    """Room for the case's outputs between guards, filled with sentinels."""
    shapes = [np.shape(e) for e in case.expected(dtype)]
    return [Guarded(s, case.expected_dtype(i, dtype)) for i, s in enumerate(shapes)]
