"""A mask of bools was taken for the indices 0 and 1."""

import numpy as np
import pytest

from mxnet import nd

MATRIX = np.arange(6, dtype="float32").reshape(2, 3)
MASK, COLUMNS = np.array([[True, False, True], [False, True, False]]), np.array([True, False, True])
KEYS = {
    "list": [False, True],
    "numpy": np.array([False, True]),
    "matrix": MASK,
    "columns": (slice(None), COLUMNS),
    "beside an int": (1, COLUMNS),
    "beside indices": ([0, 1], np.array([True, False, True])),
    "behind an ellipsis": (Ellipsis, COLUMNS),
    "nothing": np.zeros(2, bool),
}


@pytest.mark.parametrize("name", KEYS)
def test_selects_as_numpy_does(name):
    np.testing.assert_array_equal(nd.array(MATRIX)[KEYS[name]].asnumpy(), MATRIX[KEYS[name]])


@pytest.mark.parametrize("name", KEYS)
def test_assigns_as_numpy_does(name):
    found, expected = nd.array(MATRIX), MATRIX.copy()
    found[KEYS[name]] = 9
    expected[KEYS[name]] = 9
    np.testing.assert_array_equal(found.asnumpy(), expected)


def test_ndarray_of_bools():
    x = nd.array(MATRIX)
    mask = nd.array(MASK, dtype="bool")
    np.testing.assert_array_equal(x[mask].asnumpy(), [0, 2, 4])
    x[mask] = 9
    np.testing.assert_array_equal(x.asnumpy(), np.where(MASK, 9, MATRIX))


@pytest.mark.parametrize("key", [[True], np.ones((2, 2), bool), (0, [True, False])])
def test_wrong_size_is_refused(key):
    with pytest.raises(IndexError, match="mask of shape"):
        nd.array(MATRIX)[key]
    with pytest.raises(IndexError, match="mask of shape"):
        nd.array(MATRIX)[key] = 1
