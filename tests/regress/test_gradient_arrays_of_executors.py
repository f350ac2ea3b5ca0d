"""Gradient arrays were working memory of the forward pass, and could be of any dtype."""

import numpy as np
import pytest

import mxnet as mx

S = mx.sym


def bound():
    x, p = S.Variable("x"), S.Variable("p")
    return (S.sigmoid(x) * p).bind(
        mx.cpu(),
        args={"x": mx.nd.array([0.0, 1.0]), "p": mx.nd.array([1.0, 2.0])},
        args_grad={"x": mx.nd.zeros((2,)), "p": mx.nd.zeros((2,))},
    )


def test_forward_leaves_them():
    executor = bound()
    executor.forward(is_train=True)
    executor.backward([mx.nd.ones((2,))])
    gradient = executor.grad_dict["x"]
    copy, values = gradient.copy(), gradient.asnumpy()
    executor.forward(is_train=True)
    mx.nd.waitall()
    assert np.array_equal(gradient.asnumpy(), values)
    assert np.array_equal(copy.asnumpy(), values)


def test_they_may_be_written_between_forward_and_backward():
    executor = bound()
    executor.forward(is_train=True)
    for gradient in executor.grad_arrays:
        gradient[:] = 0
    executor.backward([mx.nd.ones((2,))])
    assert np.allclose(executor.grad_dict["x"].asnumpy(), [0.25, 0.39322385])


def test_another_dtype_is_refused():
    with pytest.raises(mx.MXNetError, match="gradient of x has dtype float32; expected float64"):
        (S.Variable("x") * 2).bind(
            mx.cpu(), args=[mx.nd.ones((4,), dtype="float64")], args_grad=[mx.nd.zeros((4,))]
        )


NO_GRADIENT = {
    "BlockGrad": S.BlockGrad,
    "sign": S.sign,
    "round": S.round,
    "argmax": lambda x: S.argmax(x, axis=1),
    "zeros_like": S.zeros_like,
    "greater": lambda x: x > 0,
    "one_hot": lambda x: S.one_hot(x, depth=3),
    "in front": lambda x: S.exp(S.BlockGrad(x * 3)) * 2,
}


@pytest.mark.parametrize("name", NO_GRADIENT)
@pytest.mark.parametrize("request_, expected", [("write", 0), ("add", 7)])
def test_operators_without_gradient_give_zeros(name, request_, expected):
    symbol = NO_GRADIENT[name](S.Variable("x"))
    executor = symbol.simple_bind(mx.cpu(), x=(2, 3), grad_req=request_)
    executor.grad_dict["x"][:] = 7
    executor.forward(is_train=True)
    executor.backward([mx.nd.ones(output.shape) for output in executor.outputs])
    assert (executor.grad_dict["x"].asnumpy() == expected).all()


def test_views_of_one_array_as_gradients():
    flat = mx.nd.full((6,), 9.0)
    symbol = S.exp(S.Variable("x")) * S.Variable("y")
    executor = symbol.bind(
        mx.cpu(), [mx.nd.zeros((2,)), mx.nd.ones((2,)) * 3], [flat[1:3], flat[3:5]]
    )
    executor.forward(is_train=True)
    executor.backward([mx.nd.ones((2,))])
    assert flat.asnumpy().tolist() == [9, 3, 3, 1, 1, 9]
