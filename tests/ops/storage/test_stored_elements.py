import numpy as np
import pytest

import mxnet as mx

MATRIX = mx.nd.array([[0, 2, 0], [1, 0, 3], [0, 0, 0], [4, 5, 6]]).tostype("csr")


@pytest.mark.parametrize(("axis", "wanted"), [(None, [6]), (0, [2, 2, 2]), (1, [1, 2, 0, 3])])
def test_getnnz(axis, wanted):
    counts = mx.nd.contrib.getnnz(MATRIX, axis=axis)
    assert (counts.dtype, counts.asnumpy().tolist()) == (np.int64, wanted)


def test_stored_zeros_count():
    matrix = mx.nd.sparse.csr_matrix(([0.0, 1.0], [0, 2], [0, 2, 2]), shape=(2, 3))
    assert mx.nd.contrib.getnnz(matrix).asscalar() == 2


@pytest.mark.parametrize("dtype", ["float32", "int64", "int32"])
def test_edge_id(dtype):
    rows = mx.nd.array([0, 1, 2, 0, 3, 9, 1], dtype=dtype)
    columns = mx.nd.array([1, 0, 0, 0, 2, 0, 7], dtype=dtype)
    found = mx.nd.contrib.edge_id(MATRIX, rows, columns)
    assert found.asnumpy().tolist() == [2, 1, -1, -1, 6, -1, -1]


def test_mistakes():
    with pytest.raises(ValueError, match="axis=2 is no axis of a matrix"):
        mx.nd.contrib.getnnz(MATRIX, axis=2)
    with pytest.raises(ValueError, match="_contrib_edge_id: v="):
        mx.nd.contrib.edge_id(MATRIX, mx.nd.zeros((2,)), mx.nd.zeros((3,)))
    with pytest.raises(mx.base.MXNetError, match="works on sparse arrays only"):
        mx.nd.contrib.getnnz(mx.nd.ones((2, 2)))
