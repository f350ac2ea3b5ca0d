"""Comparing a number of NumPy with an array of mx.np, the number first, raised TypeError."""

import operator

import numpy as onp
import pytest

from mxnet import np

ARRAY = onp.array([1.0, 2.0, 3.0], "float32")


@pytest.mark.parametrize("number", [onp.float64(2), onp.float32(2), onp.int64(2), onp.array(2.0)])
@pytest.mark.parametrize("name", ["eq", "ne", "lt", "le", "gt", "ge", "add", "mul", "truediv"])
def test_number_first(name, number):
    function = getattr(operator, name)
    found, expected = function(number, np.array(ARRAY)), function(float(number), ARRAY)
    assert type(found) is np.ndarray and found.dtype == expected.dtype
    onp.testing.assert_array_equal(found.asnumpy(), expected)


def test_extrema_of_mixed_lists():
    """As programs keep the best of what they measured."""
    best = onp.mean([0.25, 0.75])
    assert max(best, np.array(0.75)) == 0.75 and min(np.array(0.75), best) == 0.5


def test_arrays_of_numpy_with_axes_are_refused_still():
    with pytest.raises(TypeError, match="expected an array of mx.np or a number"):
        ARRAY > np.array(ARRAY)  # noqa: B015
