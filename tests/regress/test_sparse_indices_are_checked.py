"""Kernels followed indices of sparse arrays out of them, or took rows out of order for all rows.

A product with a matrix that stores nothing was left as its memory was.
Files hold whatever indices they were written with; arrays here are made as a file's are.
"""

import numpy as np
import pytest

from mxnet import _core, nd


def stored_rows(indices):
    """(4, 2), row-sparse; row i holds i + 1."""
    data = np.repeat(np.array(indices, "float32") + 1, 2).reshape(-1, 2)
    return _core.sparse_array(
        "row_sparse", (4, 2), nd.array(data), nd.array(indices, dtype="int64")
    )


def stored_elements(columns, indptr):
    """(2, 3), csr, with elements 1, 2, ..."""
    data = nd.arange(1, len(columns) + 1)
    parts = [nd.array(part, dtype="int64") for part in (columns, indptr)]
    return _core.sparse_array("csr", (2, 3), data, *parts)


FOLLOW_ROWS = {
    "dot": lambda a: nd.sparse.dot(a, nd.ones((3, 4))),
    "transposed dot": lambda a: nd.sparse.dot(a, nd.ones((2, 4)), transpose_a=True),
    "dense dot": lambda a: nd.sparse.dot(nd.ones((4, 2)), a),
    "concat": lambda a: nd.concat(a, a, dim=0),
    "sum": lambda a: nd.sparse.sum(a, axis=0),
    "norm": lambda a: nd.norm(a, axis=1),
    "take": lambda a: nd.take(a, nd.array([1, 0])),
    "slice": lambda a: a[0:2],
    "add": lambda a: a + a,
    "with dense": lambda a: a * nd.ones((2, 3)),
    "plus number": lambda a: a + 1,
    "where": lambda a: nd.where(a, nd.ones((2, 3)), nd.zeros((2, 3))),
    "add_n": lambda a: nd.add_n(a, nd.ones((2, 3))),
}


@pytest.mark.parametrize("name", FOLLOW_ROWS)
@pytest.mark.parametrize(
    ("columns", "indptr"),
    [([0, 1], [0, 1, 1]), ([0, 1], [0, 9, 2]), ([0, 1], [0, 2, 1]), ([0, 3], [0, 1, 2])],
)
def test_csr_that_leads_out_of_its_parts(name, columns, indptr):
    with pytest.raises(IndexError, match="expected"):
        FOLLOW_ROWS[name](stored_elements(columns, indptr)).asnumpy()


def test_rows_of_a_matrix_without_rows():
    with pytest.raises(IndexError, match="has none"):
        nd.take(nd.sparse.zeros("csr", (0, 4)), nd.array([0, 1])).wait_to_read()


@pytest.mark.parametrize("lazy", [True, False])
def test_updates_of_rows_out_of_range(lazy):
    weight = stored_rows([7])
    with pytest.raises(IndexError, match="expected 0 to 3"):
        gradient = nd.ones((4, 2)).tostype("row_sparse")
        nd.sparse.sgd_update(weight, gradient, lr=0.1, lazy_update=lazy, out=weight)
        weight.asnumpy()


@pytest.mark.parametrize("lazy", [True, False])
def test_updates_of_all_rows_out_of_order(lazy):
    weight = stored_rows([2, 0, 3, 1])
    nd.sparse.sgd_update(weight, stored_rows([3, 1]), lr=1, lazy_update=lazy, out=weight)
    np.testing.assert_array_equal(weight.asnumpy()[:, 0], [1, 0, 3, 0])


def test_quotients_of_stored_rows():
    quotient = nd._internal._scatter_elemwise_div(stored_rows([3, 1]), stored_rows([1, 0, 3]))
    assert quotient.indices.asnumpy().tolist() == [1, 3]
    np.testing.assert_array_equal(quotient.data.asnumpy(), np.ones((2, 2)))


def test_gradients_of_square_sums_follow_the_rows_that_have_some():
    x = stored_rows([0, 1, 3])
    gradient = _core.sparse_array(
        "row_sparse", (4, 1), nd.array([[10.0], [1.0]]), nd.array([2, 1], dtype="int64")
    )
    d_x = nd._internal._backward_square_sum(gradient, x, axis=1, keepdims=True)
    assert d_x.indices.asnumpy().tolist() == [1, 2]
    np.testing.assert_array_equal(d_x.data.asnumpy(), [[4, 4], [0, 0]])


def test_product_with_a_matrix_that_stores_nothing():
    product = nd.full((2, 3), 7)
    nothing = nd.sparse.zeros("csr", (4, 3))
    nd.sparse.dot(nd.ones((4, 2)), nothing, transpose_a=True, out=product)
    np.testing.assert_array_equal(product.asnumpy(), np.zeros((2, 3)))
