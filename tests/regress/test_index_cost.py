"""Indexing with lists made an index of the whole array: its memory grew with the array instead of
with what is selected.
"""

import tracemalloc

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd

KEYS = [
    ([0, 1], [1, 2]),
    ([1, 2],),
    (slice(0, 2), [0, 3]),
    (1, [0, 3]),
    ([0, 1], None, [1, 2]),
    (np.array([[0], [2]]), [1, 4]),
    ([0, 2], slice(None, 3)),
]


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_memory_follows_the_selection(key):
    array = nd.zeros((4000, 1000))
    tracemalloc.start()
    array[key]
    array[key] = 5
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    mx.nd.waitall()
    assert peak < 2**20  # the array has 4,000,000 elements


CUBE = np.arange(2 * 3 * 4 * 5, dtype="float32").reshape(2, 3, 4, 5)


@pytest.mark.parametrize(
    "key",
    [
        ([0, 1], slice(None), [1, 2]),
        (slice(None), [0, 2], [1, 3]),
        (slice(None), [0, 2], slice(1, 3), [1, 3]),
        (0, slice(None), [1, 2]),
        (slice(None), 1, [0, 3], None),
        (None, [[0], [1]], [0, 2]),
        (Ellipsis, [0, 3], slice(None, None, -2)),
        (slice(None), None, [2, 0], Ellipsis, 1),
        ([-1], [-1], [-1], [-1]),
        (Ellipsis, [1, 0]),
        (slice(None), [2, 1]),
        (np.array([[0, 1], [1, 1]]),),
    ],
    ids=str,
)
def test_selects_as_numpy_does(key):
    found, expected = nd.array(CUBE), CUBE.copy()
    np.testing.assert_array_equal(found[key].asnumpy(), expected[key])
    found[key] = nd.array(-CUBE[key])
    expected[key] = -CUBE[key]
    np.testing.assert_array_equal(found.asnumpy(), expected)


def test_index_arrays_that_do_not_fit():
    with pytest.raises(IndexError, match="broadcast"):
        nd.array(CUBE)[[0, 1], [0, 1, 2]]
