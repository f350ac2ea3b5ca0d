"""A product stored only the rows of both factors, so that lazy updates moved too few rows."""

import numpy as np

import mxnet as mx
from mxnet import autograd, nd


def rows(array):
    return array.indices.asnumpy().tolist()


def test_rows_of_either_factor():
    """With zeros where only one factor has the row, as in 1.9.1."""
    a = nd.sparse.row_sparse_array((np.ones((2, 2), "float32"), [1, 3]), shape=(6, 2))
    b = nd.sparse.row_sparse_array((np.full((2, 2), 2, "float32"), [3, 4]), shape=(6, 2))
    product = nd.elemwise_mul(a, b)
    assert rows(product) == [1, 3, 4]
    np.testing.assert_array_equal(product.asnumpy(), a.asnumpy() * b.asnumpy())
    assert rows(nd.elemwise_mul(a, nd.zeros((6, 2), stype="row_sparse"))) == [1, 3]
    assert rows(a - b) == [1, 3, 4]


def test_elements_of_both_csr_factors():
    a, b = nd.array(np.eye(3, 4)).tostype("csr"), nd.array(np.tri(3, 4, -1)).tostype("csr")
    assert rows(nd.elemwise_mul(a, b)) == []
    assert rows(nd.elemwise_mul(a, a)) == [0, 1, 2]


def test_momentum_moves_all_rows_of_a_square():
    """The gradient of the square of a weight has a row for each of the weight's, as in 1.9.1."""
    weight = nd.ones((4, 2)).tostype("row_sparse")
    weight.attach_grad(stype="row_sparse")
    sgd = mx.optimizer.SGD(learning_rate=0.5, momentum=0.5)
    state = sgd.create_state(0, weight)
    for i in range(2):
        batch = nd.array(np.eye(4)[i : i + 1]).tostype("csr")
        with autograd.record():
            loss = nd.sparse.dot(batch, nd.sparse.square(weight)).sum()
        loss.backward()
        assert rows(weight.grad) == [0, 1, 2, 3]
        sgd.update(0, weight, weight.grad, state)
    # The first row goes on by half of its first step.
    np.testing.assert_allclose(weight.asnumpy()[:, 0], [-0.5, 0, 1, 1])
