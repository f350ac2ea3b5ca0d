"""A second backward after one forward was refused where there was a LeakyReLU of any kind.

Only act_type='rrelu' draws random numbers.
"""

import numpy as np
import pytest

import mxnet as mx


def executor(act_type):
    out = mx.sym.LeakyReLU(mx.sym.Variable("data"), act_type=act_type)[0]
    net = mx.sym.MakeLoss(mx.sym.sum(out))
    data = mx.nd.array([[-1, 2], [3, -4], [5, 6]])
    return net.bind(mx.cpu(), {"data": data}, {"data": mx.nd.zeros((3, 2))})


def test_again():
    bound = executor("leaky")
    bound.forward(is_train=True)
    for _ in range(2):
        bound.grad_dict["data"][:] = -1
        bound.backward()
        found = bound.grad_dict["data"].asnumpy()
        np.testing.assert_allclose(found, [[0.25, 1], [1, 0.25], [1, 1]])


def test_rrelu_cannot():
    bound = executor("rrelu")
    bound.forward(is_train=True)
    bound.backward()
    with pytest.raises(mx.MXNetError, match="random numbers cannot be drawn again"):
        bound.backward()
