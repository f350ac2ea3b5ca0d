"""autograd.grad gives a list for a single variable too, as MXNet 1.9.1 does."""

import mxnet as mx


def test_grad_of_one_variable_is_a_list():
    x = mx.nd.array([1, 2])
    x.attach_grad()
    with mx.autograd.record():
        y = x * x
    gradients = mx.autograd.grad(y, x)
    assert isinstance(gradients, list)
    assert [each.asnumpy().tolist() for each in gradients] == [[2, 4]]
