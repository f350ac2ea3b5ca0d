"""_sparse_retain: rows of a row-sparse array."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd

DENSE = np.array([[1, 2], [0, 0], [3, 4], [5, 6]], dtype="float32")


@pytest.mark.parametrize("dtype", ["float32", "int64", "int32"])
def test_wanted_rows_are_stored(dtype):
    kept = nd.sparse.retain(nd.array(DENSE).tostype("row_sparse"), nd.array([3, 1, 3], dtype=dtype))
    assert kept.stype == "row_sparse"
    np.testing.assert_array_equal(kept.indices.asnumpy(), [1, 3])
    np.testing.assert_array_equal(kept.asnumpy(), [[0, 0], [0, 0], [0, 0], [5, 6]])


def test_gradient_is_retained_too():
    x = nd.array(DENSE).tostype("row_sparse")
    x.attach_grad()
    with mx.autograd.record():
        y = nd.sparse.retain(x, nd.array([0, 1]))
    y.backward(nd.ones((4, 2)).tostype("row_sparse"))
    assert x.grad.stype == "row_sparse"
    np.testing.assert_array_equal(x.grad.asnumpy(), [[1, 1], [1, 1], [0, 0], [0, 0]])


def test_rows_that_are_not_there():
    with pytest.raises(IndexError, match="expected 0 to 3"):
        nd.sparse.retain(nd.array(DENSE).tostype("row_sparse"), nd.array([4])).wait_to_read()
