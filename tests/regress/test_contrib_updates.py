"""The functions of mx.nd.contrib that update parameters, and GroupAdaGrad, were missing.

The numbers are those of MXNet 1.9.1.
"""

import numpy as np
import pytest

import mxnet as mx


def arrays(*rows):
    return [mx.nd.array(row) for row in rows]


def test_adamw_skips_gradients_that_are_not_finite():
    weight, grad, mean, var = arrays([1.0, 2.0], [0.1, 0.2], [0.0, 0.0], [0.0, 0.0])
    options = {"lr": 0.1, "eta": 1, "out": weight}
    for scale in (1.0, mx.nd.array([float("nan")])):
        mx.nd.contrib.adamw_update(weight, grad, mean, var, scale, **options)
        np.testing.assert_allclose(weight.asnumpy(), [0.68377113, 1.6837707], rtol=1e-6)


def test_lists_of_parameters():
    weights, grads = arrays([1.0, 2.0], [3.0]), arrays([0.1, 0.2], [0.3])
    means, variances = arrays([0.0, 0.0], [0.0]), arrays([0.0, 0.0], [0.0])
    mx.nd.contrib.multi_adamw_update(
        weights,
        grads,
        means,
        variances,
        rescale_grad=2.0,
        lrs=[0.1, 0.2],
        wds=[0, 0.1],
        etas=[1, 1],
        out=weights,
    )
    np.testing.assert_allclose(weights[0].asnumpy(), [0.6837664, 1.6837661], rtol=1e-6)
    np.testing.assert_allclose(weights[1].asnumpy(), [2.3075292 - 0.24], rtol=1e-6)


def test_group_adagrad():
    weight = mx.nd.array([[1.0, 2], [3, 4], [5, 6]])
    grad = mx.nd.array([[0.1, 0.2], [0, 0], [3, -4]])
    for kind in ("default", "row_sparse"):
        optimizer = mx.optimizer.create("groupadagrad", learning_rate=0.1)
        copy, state = weight.copy(), optimizer.create_state(0, weight)
        optimizer.update(0, copy, grad.tostype(kind), state)
        wanted = [[0.936767, 1.873534], [3, 4], [4.915147, 6.113137]]
        np.testing.assert_allclose(copy.asnumpy(), wanted, rtol=1e-6)
        np.testing.assert_allclose(state.asnumpy(), [[0.025], [0], [12.5]], rtol=1e-6)
    assert isinstance(optimizer, mx.optimizer.contrib.GroupAdaGrad)
    with pytest.raises(AssertionError, match="expected two axes"):
        optimizer.create_state(0, mx.nd.ones((3,)))


def test_sparse_embedding_has_sparse_gradients():
    weight = mx.nd.ones((4, 2))
    weight.attach_grad(stype="row_sparse")
    with mx.autograd.record():
        rows = mx.nd.contrib.SparseEmbedding(
            mx.nd.array([1, 3, 1]), weight, input_dim=4, output_dim=2
        )
    rows.backward()
    assert weight.grad.stype == "row_sparse"
    assert weight.grad.indices.asnumpy().tolist() == [1, 3]
    assert weight.grad.data.asnumpy().tolist() == [[2, 2], [1, 1]]


def test_scattered_arithmetic_changes_stored_rows_alone():
    rows = mx.nd.array([[0, 2], [0, 0]]).tostype("row_sparse")
    more = mx.nd._internal._scatter_plus_scalar(rows, scalar=3)
    assert (more.stype, more.asnumpy().tolist()) == ("row_sparse", [[3, 5], [0, 0]])
    less = mx.nd._internal._scatter_elemwise_div(rows, mx.nd.array([[1, 4], [0, 0]]))
    assert (less.stype, less.asnumpy().tolist()) == ("row_sparse", [[0, 0.5], [0, 0]])
