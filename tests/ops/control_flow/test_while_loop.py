"""Loops with a condition in symbols: values, gradients and shapes. Their files: test_cond.py."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, gluon

var = mx.sym.Variable


def powers():
    """Rows s * w, s * w^2 ... until the count is 3."""
    outputs, (count, last) = mx.sym.contrib.while_loop(
        lambda i, s: i < 3,
        lambda i, s: (s * var("w"), [i + 1, s * var("w")]),
        [var("i"), var("s")],
        max_iterations=5,
    )
    return mx.sym.Group([outputs, count, last])


def bound(symbol, **values):
    arrays = {name: mx.nd.array([value]) for name, value in values.items()}
    grads = {name: mx.nd.full((1,), 9) for name in values}
    return symbol.bind(mx.cpu(), arrays, grads)


def run(executor):
    outputs = executor.forward(is_train=True)
    executor.backward([mx.nd.ones(out.shape) for out in outputs])
    grads = {name: array.asscalar() for name, array in executor.grad_dict.items()}
    return [out.asnumpy().ravel().tolist() for out in outputs], grads


def test_steps_follow_the_data():
    executor = bound(powers(), i=0.0, s=1.0, w=2.0)
    outputs, grads = run(executor)
    assert outputs == [[2, 4, 8, 0, 0], [3], [8]]
    assert grads == {"i": 1, "s": 22, "w": 29}
    executor.arg_dict["i"][:] = 2
    assert run(executor) == ([[2, 0, 0, 0, 0], [3], [2]], {"i": 1, "s": 4, "w": 2})
    executor.arg_dict["i"][:] = 7
    assert run(executor) == ([[0] * 5, [7], [1]], {"i": 1, "s": 1, "w": 0})
    executor.arg_dict["i"][:] = -9
    assert run(executor)[0] == [[2, 4, 8, 16, 32], [-4], [32]]


def test_arrays_and_symbols_agree():
    w = mx.nd.array([2.0])
    w.attach_grad()
    with autograd.record():
        rows, (count, last) = mx.nd.contrib.while_loop(
            lambda i, s: i < 3,
            lambda i, s: (s * w, [i + 1, s * w]),
            [mx.nd.zeros((1,)), mx.nd.ones((1,))],
            max_iterations=5,
        )
        total = rows.sum() + count + last
    total.backward()
    assert (rows.asnumpy().ravel().tolist(), last.asscalar()) == ([2, 4, 8, 0, 0], 8)
    assert w.grad.asscalar() == 29


def test_shapes():
    shapes, out_shapes, _ = powers().infer_shape(i=(1,), w=(2, 3))
    assert (shapes, out_shapes) == ([(1,), (2, 3), (2, 3)], [(5, 2, 3), (1,), (2, 3)])


def test_gradient_of_the_gradient():
    class Net(gluon.HybridBlock):
        def hybrid_forward(self, F, x):
            _, (_, last) = F.contrib.while_loop(
                lambda i, s: i < 3,
                lambda i, s: ([], [i + 1, s * x]),
                [F.zeros((1,)), F.ones((1,))],
                max_iterations=4,
            )
            return last

    for hybridize in (False, True):
        net = Net()
        if hybridize:
            net.hybridize()
        x = mx.nd.array([2.0])
        x.attach_grad()
        with autograd.record():
            (slope,) = autograd.grad(net(x), [x], create_graph=True, retain_graph=True)
        slope.backward()
        assert (slope.asscalar(), x.grad.asscalar()) == (12, 12)


def test_loop_of_a_sequence_with_weights():
    """Newton's method for a root, with a layer inside."""
    data = var("data")

    def body(i, x):
        hidden = mx.sym.FullyConnected(x, num_hidden=2, no_bias=True, name="fc")
        return hidden, [i + 1, hidden]

    outputs, (_, last) = mx.sym.contrib.while_loop(
        lambda i, x: i < 2, body, [mx.sym.zeros((1,)), data], max_iterations=3
    )
    executor = last.simple_bind(mx.cpu(), data=(1, 2))
    weight = np.array([[1.0, 2.0], [0.5, -1.0]])
    executor.arg_dict["fc_weight"][:] = weight
    executor.arg_dict["data"][:] = [[1.0, 3.0]]
    wanted = np.array([[1.0, 3.0]]) @ weight.T @ weight.T
    np.testing.assert_allclose(executor.forward(is_train=True)[0].asnumpy(), wanted, rtol=1e-6)
    executor.backward([mx.nd.ones((1, 2))])
    d = np.ones((1, 2))
    first = np.array([[1.0, 3.0]]) @ weight.T
    d_weight = d.T @ first + (d @ weight).T @ np.array([[1.0, 3.0]])
    np.testing.assert_allclose(executor.grad_dict["fc_weight"].asnumpy(), d_weight, rtol=1e-6)


def loop(condition=lambda i: i < 3, func=lambda i: ([i + 1], [i + 1]), variables=None, **given):
    given = {"max_iterations": 3, **given}
    return mx.sym.contrib.while_loop(
        condition, func, [var("i")] if variables is None else variables, **given
    )


def test_mistakes():
    for match, given in (
        ("max_iterations is missing", {"max_iterations": None}),
        ("loop_vars is empty", {"variables": []}),
        ("func returned 2 variables; 1 are expected", {"func": lambda i: ([i], [i, i])}),
        ("a Symbol is expected", {"condition": lambda i: [i]}),
        ("i-0 is not used in func", {"func": lambda i: ([var("j")], [var("j")])}),
        ("max_iterations", {"max_iterations": 0}),
    ):
        with pytest.raises(ValueError, match=match):
            loop(**given)
