"""cast_storage: between dense, row-sparse and CSR storage, in every dtype."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd

R = np.random.default_rng(3)
DENSE = R.integers(1, 9, size=(40, 30)) * (R.random((40, 30)) < 0.2) * (R.random((40, 1)) < 0.5)


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int32", "int8", "uint8"])
@pytest.mark.parametrize("stype", ["csr", "row_sparse"])
def test_there_and_back(stype, dtype):
    dense = nd.array(DENSE, dtype=dtype)
    sparse = nd.cast_storage(dense, stype=stype)
    assert (sparse.stype, sparse.dtype, sparse.shape) == (stype, dense.dtype, dense.shape)
    np.testing.assert_array_equal(sparse.asnumpy(), DENSE)
    back = nd.cast_storage(sparse, stype="default")
    assert back.stype == "default"
    np.testing.assert_array_equal(back.asnumpy(), DENSE)
    sparse.check_format()


def test_only_what_is_not_zero_is_stored():
    csr = nd.array(DENSE).tostype("csr")
    rows, columns = DENSE.nonzero()
    np.testing.assert_array_equal(csr.data.asnumpy(), DENSE[rows, columns])
    np.testing.assert_array_equal(csr.indices.asnumpy(), columns)
    np.testing.assert_array_equal(np.diff(csr.indptr.asnumpy()), (DENSE != 0).sum(axis=1))
    stored = np.flatnonzero(DENSE.any(axis=1))
    rows = nd.array(DENSE).tostype("row_sparse")
    np.testing.assert_array_equal(rows.indices.asnumpy(), stored)
    np.testing.assert_array_equal(rows.data.asnumpy(), DENSE[stored])


def test_nan_is_stored():
    csr = nd.array([[0, np.nan]]).tostype("csr")
    assert np.isnan(csr.data.asnumpy()).tolist() == [True]


def test_gradient_passes():
    x = nd.array(DENSE)
    x.attach_grad()
    with mx.autograd.record():
        y = nd.cast_storage(x, stype="row_sparse").tostype("default") * 3
    y.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), np.full(DENSE.shape, 3))


def test_shapes_that_are_not_possible():
    with pytest.raises(ValueError, match="expected two dimensions"):
        nd.cast_storage(nd.ones((2, 2, 2)), stype="csr")
    with pytest.raises(ValueError, match="stype"):
        nd.cast_storage(nd.ones((2, 2)), stype="no")


def test_indices_out_of_range():
    bad = nd.sparse.csr_matrix(([1.0], [9], [0, 1]), shape=(1, 2))
    with pytest.raises(mx.MXNetError, match="column number 9"):
        bad.tostype("default").wait_to_read()
