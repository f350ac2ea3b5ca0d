"""Executors refused sparse arguments and head gradients and left sparse gradients as they were."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd

X = np.array([[1, 0, 2], [0, 0, 3]], "float32")


def test_sparse_gradient_array():
    grad = nd.zeros((2,), stype="row_sparse")
    executor = (mx.sym.Variable("x") * 2).bind(mx.cpu(), args=[nd.ones((2,))], args_grad=[grad])
    executor.forward(is_train=True)
    executor.backward([nd.ones((2,))])
    assert executor.grad_arrays[0].stype == "row_sparse"
    np.testing.assert_array_equal(grad.asnumpy(), [2, 2])


def test_sparse_argument():
    csr = nd.array(X).tostype("csr")
    output = (mx.sym.Variable("x") * 2).bind(mx.cpu(), args=[csr]).forward()[0]
    assert output.stype == "csr"
    np.testing.assert_array_equal(output.asnumpy(), 2 * X)


def test_sparse_head_gradient():
    executor = (mx.sym.Variable("x") * 2).simple_bind(mx.cpu(), x=X.shape)
    executor.forward(is_train=True)
    executor.backward([nd.array(X).tostype("csr")])
    np.testing.assert_array_equal(executor.grad_arrays[0].asnumpy(), 2 * X)


@pytest.mark.parametrize("req", ["write", "add"])
def test_linear_model_of_a_csr_batch(req):
    """The same outputs, gradients and averages as with dense arrays."""
    data, weight = mx.sym.Variable("data", stype="csr"), mx.sym.Variable("w", stype="row_sparse")
    score = mx.sym.dot(data, weight)
    loss = mx.sym.SoftmaxOutput(score, mx.sym.Variable("label"), name="softmax")
    values = {"data": X, "w": np.arange(6).reshape(3, 2) / 10.0, "label": np.array([0, 1])}
    results = []
    for stypes in ({}, {"data": "default", "w": "default", "label": "default"}):
        executor = loss.simple_bind(
            mx.cpu(), grad_req={"w": req}, stype_dict=stypes, data=X.shape, w=(3, 2), label=(2,)
        )
        for name, value in values.items():
            executor.arg_dict[name][:] = nd.array(value)
        for _ in range(2):
            executor.forward(is_train=True)
            executor.backward()
        results.append(executor)
    sparse, dense = results
    assert sparse.arg_dict["data"].stype == "csr"
    assert sparse.grad_dict["w"].stype == "row_sparse"
    np.testing.assert_allclose(
        sparse.outputs[0].asnumpy(), dense.outputs[0].asnumpy(), rtol=1e-6, atol=1e-7
    )
    np.testing.assert_allclose(
        sparse.grad_dict["w"].asnumpy(), dense.grad_dict["w"].asnumpy(), rtol=1e-6, atol=1e-7
    )
