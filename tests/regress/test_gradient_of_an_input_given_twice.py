"""A graph in which an operator of mx.np has one input twice gave twice its gradient.

Such operators have gradients through the operators that they are made of; the gradient of the one
value was whole and was counted once for each place.
"""

import pytest

import mxnet as mx


@pytest.mark.parametrize("function, expected", [("add", [2, 2]), ("multiply", [2, -4])])
def test_gradient_counts_once(function, expected):
    x = mx.sym.var("x").as_np_ndarray()
    executor = getattr(mx.np, function)(x, x).bind(
        mx.cpu(), {"x": mx.nd.array([1, -2])}, {"x": mx.nd.zeros(2)}
    )
    executor.forward(is_train=True)
    executor.backward(mx.nd.ones(2))
    assert executor.grad_dict["x"].asnumpy().tolist() == expected


def test_gradients_of_a_hybridized_block():
    class Cube(mx.gluon.HybridBlock):
        def hybrid_forward(self, F, x):
            return x * x * x

    block = Cube()
    block.hybridize()
    x = mx.nd.array([1, -2]).as_np_ndarray()
    x.attach_grad()
    with mx.autograd.record():
        y = block(x)
    y.backward()
    assert x.grad.asnumpy().tolist() == [3, 12]
