"""A variable reached only through operators without slope kept the gradient of the step before, and
such a result could be no head. In 1.9.1 the gradient is zero.
"""

import numpy as np
import pytest

from mxnet import autograd, nd

FLAT = {
    "BlockGrad": nd.BlockGrad,
    "sign": nd.sign,
    "round": nd.round,
    "floor": nd.floor,
    "zeros_like": nd.zeros_like,
    "greater": lambda x: x > 2,
    "equal": lambda x: x == x,
    "argmax": lambda x: nd.argmax(x, axis=0),
    "argsort": nd.argsort,
    "topk": nd.topk,
    "one_hot": lambda x: nd.one_hot(x, 4),
    "arange_like": nd.contrib.arange_like,
    "index of pick": lambda x: nd.pick(nd.ones((3, 4)), x),
    "index of Embedding": lambda x: nd.Embedding(x, nd.ones((4, 2)), input_dim=4, output_dim=2),
    "condition": lambda x: nd.where(x, nd.ones((3,)), nd.ones((3,))),
    "random": lambda x: nd.random.poisson(x),
    "shape": nd.shape_array,
    "unravel": lambda x: nd.unravel_index(x, shape=(2, 2)),
}


@pytest.mark.parametrize("name", FLAT)
@pytest.mark.parametrize("req, expected", [("write", 0), ("add", 9), ("null", 9)])
def test_gradient_is_zero(name, req, expected):
    x = nd.array([1, 2, 3])
    x.attach_grad(req)
    x.grad[:] = 9
    with autograd.record():
        y = FLAT[name](x)
    y.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), np.full(3, expected))


def test_it_is_zero_behind_other_operators():
    x, y = nd.array([1, 2, 3]), nd.array([4, 5, 6])
    for variable in (x, y):
        variable.attach_grad()
        variable.grad[:] = 9
    with autograd.record():
        z = nd.floor(x * 2) * y
    z.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [0, 0, 0])
    np.testing.assert_array_equal(y.grad.asnumpy(), [2, 4, 6])


def test_what_the_heads_do_not_depend_on_is_left_alone():
    x, y = nd.ones((2,)), nd.ones((2,))
    for variable in (x, y):
        variable.attach_grad()
        variable.grad[:] = 9
    with autograd.record():
        z = x.detach() * y
    z.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [9, 9])


def test_head_beside_others():
    x = nd.array([3, 1])
    x.attach_grad()
    with autograd.record():
        y, z = x * 2, nd.argsort(x)
    autograd.backward([y, z])
    np.testing.assert_array_equal(x.grad.asnumpy(), [2, 2])


@pytest.mark.parametrize("behind", [nd.BlockGrad, lambda y: nd.argmax(y, axis=1)])
def test_a_loss_runs_its_gradient_anyway(behind):
    x = nd.array([[1, 2, 3]])
    x.attach_grad()
    with autograd.record():
        y = behind(nd.SoftmaxOutput(x, nd.array([1])))
    y.backward()
    softmax = np.exp([1, 2, 3]) / np.exp([1, 2, 3]).sum()
    np.testing.assert_allclose(x.grad.asnumpy()[0], softmax - [0, 1, 0], rtol=1e-5)


def test_grad_gives_zeros():
    x = nd.array([2, -1])
    x.attach_grad()
    with autograd.record():
        first = autograd.grad(nd.relu(x), [x], create_graph=True)[0]
        second = autograd.grad(first, [x], retain_graph=True)[0]
        third = autograd.grad(autograd.grad(x * 2, [x], create_graph=True)[0], [x])[0]
    np.testing.assert_array_equal(first.asnumpy(), [1, 0])
    np.testing.assert_array_equal(second.asnumpy(), [0, 0])
    np.testing.assert_array_equal(third.asnumpy(), [0, 0])


@pytest.mark.parametrize("op", [nd.random.shuffle, lambda x: nd.sgd_update(x, x * 1, lr=0.1)])
def test_an_operator_without_known_gradient_says_so(op):
    x = nd.ones((2,))
    x.attach_grad()
    with autograd.record():
        y = op(x)
    with pytest.raises(ValueError, match="a gradient was asked for"):
        y.backward()
