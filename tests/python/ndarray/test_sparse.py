"""Sparse arrays hold, convert, slice and save their parts."""

import pickle

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd

DENSE = np.array([[1, 0, 2, 0], [0, 0, 0, 0], [0, 3, 0, 0]], dtype=np.float32)


@pytest.fixture
def csr():
    return nd.sparse.csr_matrix(([1.0, 2, 3], [0, 2, 1], [0, 2, 2, 3]), shape=(3, 4))


@pytest.fixture
def rows():
    return nd.sparse.row_sparse_array(([[1.0, 2], [3, 4]], [0, 2]), shape=(4, 2))


def test_parts(csr, rows):
    np.testing.assert_array_equal(csr.data.asnumpy(), [1, 2, 3])
    np.testing.assert_array_equal(csr.indices.asnumpy(), [0, 2, 1])
    np.testing.assert_array_equal(csr.indptr.asnumpy(), [0, 2, 2, 3])
    assert csr.indices.dtype is np.int64
    np.testing.assert_array_equal(rows.indices.asnumpy(), [0, 2])


def test_attributes(csr, rows):
    assert (csr.stype, csr.shape, csr.ndim, csr.size) == ("csr", (3, 4), 2, 12)
    assert (rows.stype, rows.shape, rows.context) == ("row_sparse", (4, 2), mx.cpu())
    assert repr(csr) == "\n<CSRNDArray 3x4 @cpu(0)>"
    assert isinstance(csr, nd.NDArray)


def test_dense_form(csr, rows):
    np.testing.assert_array_equal(csr.asnumpy(), DENSE)
    np.testing.assert_array_equal(csr.tostype("default").asnumpy(), DENSE)
    np.testing.assert_array_equal(rows.asnumpy(), [[1, 2], [0, 0], [3, 4], [0, 0]])


@pytest.mark.parametrize("stype", ["csr", "row_sparse"])
def test_conversion_and_back(stype):
    sparse = nd.array(DENSE).tostype(stype)
    assert sparse.stype == stype
    np.testing.assert_array_equal(sparse.asnumpy(), DENSE)
    assert sparse.data.size == (3 if stype == "csr" else 8)
    np.testing.assert_array_equal(sparse.copy().asnumpy(), DENSE)
    assert sparse.astype("float64").dtype is np.float64


def test_rows_of_a_matrix(csr):
    np.testing.assert_array_equal(csr[1:].asnumpy(), DENSE[1:])
    np.testing.assert_array_equal(csr[-1].asnumpy(), DENSE[-1:])
    with pytest.raises(IndexError):
        csr[3]
    with pytest.raises(ValueError, match="continuous"):
        csr[::2]


@pytest.mark.parametrize("stype", ["csr", "row_sparse"])
def test_zeros(stype):
    array = nd.zeros((2, 3), stype=stype)
    assert array.data.shape[0] == 0
    np.testing.assert_array_equal(array.asnumpy(), np.zeros((2, 3)))


def test_coordinates_make_a_matrix():
    array = nd.sparse.csr_matrix(([3.0, 1, 2], ([2, 0, 0], [1, 0, 2])), shape=(3, 4))
    np.testing.assert_array_equal(array.asnumpy(), DENSE)


def test_retain(rows):
    kept = rows.retain(nd.array([2]))
    np.testing.assert_array_equal(kept.asnumpy(), [[0, 0], [0, 0], [3, 4], [0, 0]])


def test_operators_work_on_the_dense_form(csr):
    np.testing.assert_array_equal((csr + csr).asnumpy(), 2 * DENSE)
    np.testing.assert_array_equal((1 - csr).asnumpy(), 1 - DENSE)
    np.testing.assert_array_equal(nd.sum(csr, axis=1).asnumpy(), DENSE.sum(1))
    csr += 1
    np.testing.assert_array_equal(csr.asnumpy(), DENSE + 1)


def test_files_and_pickles(tmp_path, csr, rows):
    path = str(tmp_path / "a.params")
    nd.save(path, {"c": csr, "r": rows})
    loaded = nd.load(path)
    for array, back in ((csr, loaded["c"]), (rows, loaded["r"]), (csr, _pickled(csr))):
        assert back.stype == array.stype
        np.testing.assert_array_equal(back.asnumpy(), array.asnumpy())


def _pickled(array):
    return pickle.loads(pickle.dumps(array))


def test_wrong_kinds(csr):
    with pytest.raises(ValueError, match="stype=no"):
        nd.ones((2, 2)).tostype("no")
    with pytest.raises(ValueError, match="two dimensions"):
        nd.ones((2, 2, 2)).tostype("csr")
    with pytest.raises(mx.MXNetError, match="reshape"):
        csr.reshape((4, 3))
    with pytest.raises(ValueError, match="check_format"):
        nd.sparse.csr_matrix(([1.0], [9], [0, 1]), shape=(1, 2)).check_format()


def _unsorted_csr(dense):
    """A CSR matrix whose rows list their elements in any order."""
    random = np.random.default_rng(1)
    columns = [random.permutation(np.flatnonzero(row)) for row in dense]
    data = [row[each] for row, each in zip(dense, columns)]
    starts = np.cumsum([0, *map(len, columns)])
    return mx.nd.sparse.csr_matrix(
        (np.concatenate(data), np.concatenate(columns), starts), shape=dense.shape
    )


@pytest.mark.parametrize("shape, share", [((40, 30), 0.2), ((3000, 50), 0.9), ((5, 7), 0.0)])
def test_large_matrices_are_computed_in_parts(shape, share):
    """Above some size parts of the rows are summed, cut and turned apart."""
    random = np.random.default_rng(2)
    dense = (random.random(shape) * (random.random(shape) < share)).astype("float32")
    csr, (rows, columns) = _unsorted_csr(dense), shape
    for begin, end in [(0, rows), (rows // 3, 2 * rows // 3), (1, 1)]:
        part = csr[begin:end]
        np.testing.assert_array_equal(part.asnumpy(), dense[begin:end])
        double = mx.nd.sparse.elemwise_add(part, part)
        np.testing.assert_array_equal(double.asnumpy(), 2 * dense[begin:end])
        box = mx.nd.slice(csr, begin=(begin, columns // 4), end=(end, columns))
        np.testing.assert_array_equal(box.asnumpy(), dense[begin:end, columns // 4 :])
    for axis in (0, 1):
        sums = mx.nd.sparse.sum(csr, axis=axis).asnumpy()
        np.testing.assert_allclose(sums, dense.sum(axis), rtol=1e-5)
    right = random.normal(size=(rows, 8)).astype("float32")
    product = mx.nd.sparse.dot(csr, mx.nd.array(right), transpose_a=True).asnumpy()
    np.testing.assert_allclose(product, dense.T @ right, rtol=1e-4, atol=1e-4)
