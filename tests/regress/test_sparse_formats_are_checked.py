"""check_format accepted indices out of order; shapes of NumPy ints were taken for parts."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd


@pytest.mark.parametrize(
    "parts",
    [
        ([7, 8, 9], [2, 1, 1], [0, 2, 2, 3]),
        ([7, 8, 9], [1, 2, 1], [0, 2, 2, 4]),
        ([7, 8, 9], [0, 2, 1], [0, -2, 2, 3]),
        ([7, 8, 9], [0, 4, 1], [0, 2, 2, 3]),
        ([7, 8, 9], [0, -1, 1], [0, 2, 2, 3]),
    ],
)
def test_bad_csr(parts):
    array = nd.sparse.csr_matrix(parts, shape=(3, 4))
    with pytest.raises(mx.MXNetError, match="check_format"):
        array.check_format()


@pytest.mark.parametrize(
    "use",
    [
        lambda array: nd.dot(array, nd.ones((4, 2))),
        lambda array: nd.dot(array, nd.ones((3, 2)), transpose_a=True),
        lambda array: array + array,
        lambda array: array.tostype("default"),
    ],
)
@pytest.mark.parametrize("column", [-1, 4])
def test_kernels_do_not_follow_bad_indices(use, column):
    array = nd.sparse.csr_matrix(([7, 8, 9], [0, column, 1], [0, 2, 2, 3]), shape=(3, 4))
    with pytest.raises(IndexError, match="expected 0 to 3"):
        use(array).wait_to_read()


def test_good_formats():
    nd.sparse.csr_matrix(([7, 8, 9], [0, 2, 1], [0, 2, 2, 3]), shape=(3, 4)).check_format()
    nd.sparse.row_sparse_array(([[1], [2]], [2, 0]), shape=(3, 1)).check_format()


def test_lengths_must_fit():
    with pytest.raises(mx.MXNetError, match="indptr"):
        nd.sparse.csr_matrix(([7, 8, 9], [0, 2, 1], [0, 2, 3]), shape=(3, 4))
    with pytest.raises(mx.MXNetError, match="indices"):
        nd.sparse.csr_matrix(([7, 8], [0, 2, 1], [0, 2, 2, 3]), shape=(3, 4))


def test_shapes():
    assert nd.sparse.row_sparse_array((np.int32(3), np.int32(4))).shape == (3, 4)
    with pytest.raises(ValueError, match="Shape mismatch"):
        nd.sparse.csr_matrix((2, 2), shape=(3, 2))
    with pytest.raises(ValueError, match="Shape mismatch"):
        nd.sparse.row_sparse_array((2, 3), shape=(3, 2))


def test_coordinates_given_twice_add_up():
    array = nd.sparse.csr_matrix(([1.0, 2], ([0, 0], [1, 1])), shape=(2, 2))
    np.testing.assert_array_equal(array.asnumpy(), [[0, 3], [0, 0]])
    assert array.data.shape == (1,)
