"""Backward through cached operators: orders, grad_req, retained tapes, writes and errors."""

import subprocess
import sys

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, nd


def cubic():
    x, w = mx.sym.var("x"), mx.sym.var("w")
    return mx.sym.sum(x * x * x * w)


def recorded(op, *arrays):
    with autograd.record():
        return op(*arrays)


def test_derivatives_to_third_order():
    op = mx.nd.CachedOp(cubic())
    x, w = nd.array([1.0, 2.0]), nd.array([3.0, 5.0])
    x.attach_grad()
    w.attach_grad()
    with autograd.record():
        y = op(x, w)
        first = autograd.grad(y, x, create_graph=True)[0]
        second = autograd.grad(first.sum(), x, create_graph=True)[0]
    np.testing.assert_array_equal(first.asnumpy(), [9, 60])
    np.testing.assert_array_equal(second.asnumpy(), [18, 60])
    second.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [18, 30])
    np.testing.assert_array_equal(w.grad.asnumpy(), [6, 12])


def test_second_order_through_two_calls_and_operators():
    op = mx.nd.CachedOp(mx.sym.tanh(mx.sym.var("x")))
    grads = []
    for function in (op, nd.tanh):
        x = nd.array([0.3, -0.7])
        x.attach_grad()
        with autograd.record():
            y = function(function(x * 2) * x)
            dx = autograd.grad(y, x, create_graph=True)[0]
            z = (dx * dx + y).sum()
        z.backward()
        grads.append(x.grad.asnumpy())
    np.testing.assert_allclose(grads[0], grads[1], 1e-5)


def test_batch_norm_keeps_its_averages_in_second_order():
    symbol = mx.sym.BatchNorm(mx.sym.var("x"), fix_gamma=False, momentum=0.5)
    op = mx.nd.CachedOp(symbol)
    x, gamma, beta = nd.array([[1.0], [3.0]]), nd.ones(1), nd.zeros(1)
    mean, var = nd.zeros(1), nd.ones(1)
    x.attach_grad()
    with autograd.record():
        y = op(x, gamma, beta, mean, var)
        dx = autograd.grad(y * nd.array([[1.0], [2.0]]), x, create_graph=True)[0]
    dx.backward()
    assert mean.asscalar() == 0  # it is no call's backward that has run


@pytest.mark.parametrize("req, expected", [("write", [3, 12]), ("add", [7, 28]), ("null", None)])
def test_grad_req(req, expected):
    op = mx.nd.CachedOp(cubic())
    x, w = nd.array([1.0, 2.0]), nd.array([1.0, 1.0])
    x.attach_grad(req)
    w.attach_grad()
    if req == "add":
        x.grad[:] = nd.array([1.0, 4.0])
    for _ in range(2 if req == "add" else 1):
        recorded(op, x, w).backward()
    if expected:
        np.testing.assert_array_equal(x.grad.asnumpy(), expected)
    np.testing.assert_array_equal(w.grad.asnumpy(), [1, 8])


def test_retained_tape_gives_the_same_draws():
    x = nd.ones((30, 30))
    x.attach_grad()
    op = mx.nd.CachedOp(mx.sym.Dropout(mx.sym.tanh(mx.sym.var("x")) * 3, p=0.5))
    y = recorded(op, x)
    y.backward(retain_graph=True)
    first = x.grad.asnumpy()
    y.backward(retain_graph=True)
    np.testing.assert_array_equal(first, x.grad.asnumpy())
    y.backward()
    np.testing.assert_array_equal(first, x.grad.asnumpy())
    np.testing.assert_array_equal(first != 0, y.asnumpy() != 0)
    with pytest.raises(ValueError, match="freed by an earlier backward"):
        y.backward()


def test_second_order_of_random_networks_draws_nothing_again():
    x = nd.ones(30)
    x.attach_grad()
    op = mx.nd.CachedOp(mx.sym.Dropout(mx.sym.var("x")))
    y = recorded(op, x)
    mask = y.asnumpy()
    gradient = autograd.grad(y, x, create_graph=True, retain_graph=True)[0]
    np.testing.assert_array_equal(gradient.asnumpy(), mask)
    y.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), mask)
    assert set(mask) == {0, 2}


def test_backward_after_one_that_failed_behind():
    """The tape is as before: activations that were used up are computed again."""

    class Fails(autograd.Function):
        fail = True

        def forward(self, x):
            return x * 1

        def backward(self, dy):
            if Fails.fail:
                raise RuntimeError("not yet")
            return dy

    x = nd.array([1.0, 2.0])
    x.attach_grad()
    op = mx.nd.CachedOp(mx.sym.exp(mx.sym.sin(mx.sym.var("x"))))
    with autograd.record():
        y = op(Fails()(x))
    with pytest.raises(RuntimeError, match="not yet"):
        y.backward()
    Fails.fail = False
    y.backward()
    value = x.asnumpy()
    np.testing.assert_allclose(x.grad.asnumpy(), np.exp(np.sin(value)) * np.cos(value), 1e-5)


def test_writes_inside_record_are_refused():
    op = mx.nd.CachedOp(cubic())
    x, w = nd.array([1.0, 2.0]), nd.array([1.0, 1.0])
    x.attach_grad()
    with autograd.record():
        y = op(x, w)
        with pytest.raises(ValueError, match="recorded computation is written"):
            w[:] = 5
        with pytest.raises(ValueError, match="recorded computation is written"):
            mx.nd.CachedOp(mx.sym.var("x") * 2)(x, out=w)
    y.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [3, 12])


def test_out_is_recorded_and_may_be_an_input():
    a = mx.sym.var("a")
    op = mx.nd.CachedOp(mx.sym.Group([a * 2, a + 1]))
    x, z = nd.array([1.0]), nd.zeros(1)
    x.attach_grad()
    with autograd.record():
        op(x, out=[z, nd.zeros(1)])
    z.backward()
    assert x.grad.asscalar() == 2
    op(x, out=(x, z))
    assert (x.asscalar(), z.asscalar()) == (2, 2)


def test_outputs_are_kept():
    op = mx.nd.CachedOp(mx.sym.var("a") * 2, (("static_alloc", "true"), ("static_shape", "true")))
    held = [op(nd.array([float(i)])) for i in range(5)]
    assert [array.asscalar() for array in held] == [0, 2, 4, 6, 8]


def test_inputs_without_gradient_and_outputs_without_head():
    a, b = mx.sym.var("a"), mx.sym.var("b")
    op = mx.nd.CachedOp(mx.sym.Group([a * b, mx.sym.BlockGrad(a) + b]))
    x, y = nd.array([2.0]), nd.array([3.0])
    x.attach_grad()
    with autograd.record():
        _, second = op(x, y)
    second.backward()
    assert x.grad.asscalar() == 0
    with autograd.record():
        first, second = op(x, y)
    autograd.backward([first, second], [nd.array([10.0]), None])
    assert x.grad.asscalar() == 30


def test_losses_need_no_head():
    data, label = mx.sym.var("data"), mx.sym.var("label")
    op = mx.nd.CachedOp(mx.sym.Group([mx.sym.SoftmaxOutput(data, label), data * 2]))
    x, t = nd.array([[1.0, 1.0]]), nd.array([1.0])
    x.attach_grad()
    with autograd.record():
        out, _ = op(x, t)
    out.backward()
    np.testing.assert_allclose(x.grad.asnumpy(), [[0.5, -0.5]])


@pytest.mark.parametrize(
    "call, text",
    [
        (lambda op, x: op(x), "1 arrays were given; expected 2"),
        (lambda op, x: op(x, nd.ones((2, 2))), "w|rhs"),
        (lambda op, x: op(x, nd.ones(2, dtype="float64")), "float64"),
        (lambda op, x: op(x, 3), "NDArray"),
        (lambda op, x: op(x, x, out=nd.ones(3)), "out"),
        (lambda op, x: op(x, x, into=x), "into"),
    ],
)
def test_errors_leave_it_usable(call, text):
    op = mx.nd.CachedOp(cubic())
    x = nd.array([1.0, 2.0])
    x.attach_grad()
    for record in (False, True):
        with pytest.raises((ValueError, TypeError), match=text):
            with autograd.record() if record else autograd.pause():
                call(op, x)
    y = recorded(op, x, x)
    y.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [4, 32])


def test_wrong_flags():
    with pytest.raises(ValueError, match="no_such_flag"):
        mx.nd.CachedOp(cubic(), (("no_such_flag", "1"),))
    with pytest.raises(ValueError, match="param_indices holds 7"):
        mx.nd.CachedOp(cubic(), (("param_indices", "(7,)"),))


def test_naive_engine():
    code = (
        "import mxnet as mx; x = mx.nd.array([1., 2.]); x.attach_grad()\n"
        "op = mx.nd.CachedOp(mx.sym.FullyConnected(mx.sym.var('x'), num_hidden=3, no_bias=True))\n"
        "w = mx.nd.ones((3, 2)); x = x.reshape((1, 2)); x.attach_grad()\n"
        "print(op(x, w).asnumpy().tolist())\n"
        "with mx.autograd.record(): y = op(x, w)\n"
        "y.backward(); print(x.grad.asnumpy().tolist())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**__import__("os").environ, "MXNET_ENGINE_TYPE": "NaiveEngine"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.split("\n")[:2] == ["[[3.0, 3.0, 3.0]]", "[[3.0, 3.0]]"], done.stderr
