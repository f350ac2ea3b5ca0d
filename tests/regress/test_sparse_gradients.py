"""attach_grad(stype=...) was ignored, and sparse_grad gave dense gradients."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd

X = np.array([[1, 0, 2], [0, 0, 3]], "float32")


def test_kinds_of_gradients():
    csr = nd.array(X).tostype("csr")
    csr.attach_grad()
    assert csr.grad.stype == "csr"
    dense = nd.array(X)
    dense.attach_grad(stype="row_sparse")
    assert dense.grad.stype == "row_sparse"
    with mx.autograd.record():
        loss = (dense * dense).sum()
    loss.backward()
    assert dense.grad.stype == "row_sparse"
    np.testing.assert_array_equal(dense.grad.asnumpy(), 2 * X)


@pytest.mark.parametrize("stype", ["default", "row_sparse"])
@pytest.mark.parametrize("req", ["write", "add"])
def test_embedding(stype, req):
    weight = nd.array(np.arange(12).reshape(6, 2))
    weight.attach_grad(grad_req=req, stype=stype)
    index = nd.array([[1, 4], [4, 0]])
    for _ in range(2):
        with mx.autograd.record():
            rows = nd.Embedding(index, weight, input_dim=6, output_dim=2, sparse_grad=True)
        rows.backward(nd.ones((2, 2, 2)))
    want = np.array([1, 1, 0, 0, 2, 0], "float32")[:, None] * np.ones((1, 2))
    np.testing.assert_array_equal(weight.grad.asnumpy(), want * (2 if req == "add" else 1))
    assert weight.grad.stype == stype
    if stype == "row_sparse":
        np.testing.assert_array_equal(weight.grad.indices.asnumpy(), [0, 1, 4])


def test_dot():
    data, weight = nd.array(X).tostype("csr"), nd.array(np.arange(6).reshape(3, 2))
    weight.attach_grad(stype="row_sparse")
    with mx.autograd.record():
        product = nd.dot(data, weight)
    product.backward()
    assert product.stype == "default"
    np.testing.assert_array_equal(product.asnumpy(), X @ weight.asnumpy())
    np.testing.assert_array_equal(weight.grad.asnumpy(), X.T @ np.ones((2, 2)))
    np.testing.assert_array_equal(weight.grad.indices.asnumpy(), [0, 2])


@pytest.mark.parametrize("stype", [None, "default", "row_sparse"])
def test_transposed_dot(stype):
    given = {} if stype is None else {"forward_stype": stype}
    rhs = np.arange(8).reshape(2, 4)
    result = nd.dot(nd.array(X).tostype("csr"), nd.array(rhs), transpose_a=True, **given)
    assert result.stype == (stype or "row_sparse")
    np.testing.assert_array_equal(result.asnumpy(), X.T @ rhs)


def test_large_products_do_not_depend_on_threads():
    r = np.random.default_rng(1)
    dense = r.normal(size=(300, 500)) * (r.random((300, 500)) < 0.05)
    rhs = r.normal(size=(500, 40))
    csr = nd.array(dense, dtype="float64").tostype("csr")
    np.testing.assert_allclose(
        nd.dot(csr, nd.array(rhs, dtype="float64")).asnumpy(), dense @ rhs, rtol=1e-10, atol=1e-10
    )
    left = r.normal(size=(300, 40))
    np.testing.assert_allclose(
        nd.dot(csr, nd.array(left, dtype="float64"), transpose_a=True).asnumpy(),
        dense.T @ left,
        rtol=1e-10,
        atol=1e-10,
    )
