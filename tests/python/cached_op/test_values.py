"""Values and gradients of cached operators against the same operators run one by one."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, nd

FLAGS = [
    (),
    (("static_alloc", "true"), ("static_shape", "true")),
    (("inline_limit", "0"), ("forward_bulk_size", "1"), ("backward_bulk_size", "1")),
    (("is_dynamic", "true"),),
]


def network():
    x = mx.sym.var("data")
    x = mx.sym.Convolution(x, kernel=(3, 3), num_filter=4, pad=(1, 1), name="conv")
    x = mx.sym.BatchNorm(x, fix_gamma=False, name="bn")
    x = mx.sym.Activation(x, act_type="relu")
    x = mx.sym.Pooling(x, kernel=(2, 2), stride=(2, 2), pool_type="max")
    return mx.sym.FullyConnected(x, num_hidden=5, name="fc")


def inputs_of(symbol, seed=0, batch=3):
    rng = np.random.RandomState(seed)
    args, _, aux = symbol.infer_shape(data=(batch, 2, 6, 6))
    shapes = dict(zip(symbol.list_arguments(), args))
    shapes.update(zip(symbol.list_auxiliary_states(), aux))
    return {
        name: nd.array(
            np.abs(rng.randn(*shapes[name])) + 0.1
            if name.endswith("var")
            else rng.randn(*shapes[name])
        )
        for name in symbol.list_inputs()
    }


def imperative(a):
    x = nd.Convolution(
        a["data"], a["conv_weight"], a["conv_bias"], kernel=(3, 3), num_filter=4, pad=(1, 1)
    )
    x = nd.BatchNorm(
        x, a["bn_gamma"], a["bn_beta"], a["bn_moving_mean"], a["bn_moving_var"], fix_gamma=False
    )
    x = nd.Activation(x, act_type="relu")
    x = nd.Pooling(x, kernel=(2, 2), stride=(2, 2), pool_type="max")
    return nd.FullyConnected(x, a["fc_weight"], a["fc_bias"], num_hidden=5)


def trained(names):
    return [name for name in names if "moving" not in name]


def check(got, expected, what):
    np.testing.assert_allclose(got.asnumpy(), expected.asnumpy(), 1e-4, 2e-4, err_msg=what)


@pytest.mark.parametrize("flags", FLAGS)
def test_prediction_equals_operators(flags):
    symbol = network()
    op = mx.nd.CachedOp(symbol, flags)
    for batch in (3, 1, 3):
        a = inputs_of(symbol, batch=batch)
        check(op(*a.values()), imperative(a), f"batch {batch}")


@pytest.mark.parametrize("flags", FLAGS)
@pytest.mark.parametrize("train_mode", [True, False])
def test_training_equals_operators(flags, train_mode):
    symbol = network()
    op = mx.nd.CachedOp(symbol, flags)
    results = []
    for function in (lambda a: op(*a.values()), imperative):
        a = inputs_of(symbol)
        for name in trained(a):
            a[name].attach_grad()
        with autograd.record(train_mode):
            y = function(a)
            loss = (y * y).sum()
        loss.backward(train_mode=train_mode)
        results.append((y, a))
    (y, a), (y2, a2) = results
    check(y, y2, "output")
    for name in a:
        if "moving" in name:
            check(a[name], a2[name], name)
        else:
            check(a[name].grad, a2[name].grad, "gradient of " + name)


def test_same_gradients_as_module():
    symbol = network()
    a, b = inputs_of(symbol), inputs_of(symbol)
    for name in trained(a):
        a[name].attach_grad()
    with autograd.record():
        y = mx.nd.CachedOp(symbol)(*a.values())
    y.backward()
    grads = {name: nd.zeros_like(b[name]) for name in symbol.list_arguments()}
    executor = symbol.bind(
        mx.cpu(),
        {name: b[name] for name in symbol.list_arguments()},
        grads,
        aux_states={name: b[name] for name in symbol.list_auxiliary_states()},
    )
    out = executor.forward(is_train=True)[0]
    executor.backward(nd.ones_like(out))
    np.testing.assert_array_equal(y.asnumpy(), out.asnumpy())
    for name in trained(a):
        np.testing.assert_array_equal(a[name].grad.asnumpy(), grads[name].asnumpy())
    for name in symbol.list_auxiliary_states():
        check(a[name], b[name], name)


def test_averages_move_with_each_backward():
    """Two forward passes before one backward move them twice, latest first; a forward alone not."""
    symbol = mx.sym.BatchNorm(mx.sym.var("data"), momentum=0.5, fix_gamma=False, name="bn")
    op = mx.nd.CachedOp(symbol)
    first, second = nd.array([[0.0], [2.0]]), nd.array([[4.0], [8.0]])
    gamma, beta, mean, var = nd.ones(1), nd.zeros(1), nd.zeros(1), nd.ones(1)
    gamma.attach_grad()
    with autograd.record():
        total = op(first, gamma, beta, mean, var) + op(second, gamma, beta, mean, var)
    assert mean.asscalar() == 0
    total.backward()
    assert mean.asscalar() == 0.5 * (0.5 * 0 + 0.5 * 6) + 0.5 * 1
    with autograd.train_mode():
        op(first, gamma, beta, mean, var)
    assert mean.asscalar() == 2


def test_packed_parameters_follow_writes():
    data, weight = mx.sym.var("data"), mx.sym.var("weight")
    symbol = mx.sym.FullyConnected(data, weight, num_hidden=2, no_bias=True)
    op = mx.nd.CachedOp(symbol, {"data_indices": "(0,)", "param_indices": "(1,)"})
    x, w = nd.ones((1, 3)), nd.ones((2, 3))
    assert op(x, w).asnumpy().tolist() == [[3, 3]]
    w[:] = 2
    assert op(x, w).asnumpy().tolist() == [[6, 6]]
    assert op(x, nd.zeros((2, 3))).asnumpy().tolist() == [[0, 0]]
    assert op(x, w).asnumpy().tolist() == [[6, 6]]


def test_dropout_draws_as_operators_do():
    x = nd.ones((50, 50))
    op = mx.nd.CachedOp(mx.sym.Dropout(mx.sym.var("data"), p=0.5))
    mx.random.seed(7)
    with autograd.train_mode():
        first, second = op(x), op(x)
    mx.random.seed(7)
    with autograd.train_mode():
        again = nd.Dropout(x, p=0.5)
    np.testing.assert_array_equal(first.asnumpy(), again.asnumpy())
    assert (first.asnumpy() != second.asnumpy()).any()
    np.testing.assert_array_equal(op(x).asnumpy(), x.asnumpy())


def test_loop_inside():
    def step(data, state):
        total = data * 2 + state
        return total, total

    data, start = mx.sym.var("data"), mx.sym.var("start")
    outputs, state = mx.sym.contrib.foreach(step, data, start)
    op = mx.nd.CachedOp(mx.sym.Group([outputs, state]))
    x, s = nd.array([[1.0], [2.0], [3.0]]), nd.array([1.0])
    x.attach_grad()
    values = {"data": x, "start": s}
    names = mx.sym.Group([outputs, state]).list_inputs()
    with autograd.record():
        out, last = op(*[values[name] for name in names])
    assert out.asnumpy().ravel().tolist() == [3, 7, 13] and last.asscalar() == 13
    last.backward()
    assert x.grad.asnumpy().ravel().tolist() == [2, 2, 2]


def test_sparse_inputs_and_shapes_from_data():
    data, weight = mx.sym.var("data"), mx.sym.var("weight")
    dense = nd.array([[1.0, 0.0], [0.0, 2.0]])
    w = nd.array([[1.0, 2.0], [3.0, 4.0]])
    w.attach_grad()
    op = mx.nd.CachedOp(mx.sym.dot(data, weight))
    with autograd.record():
        y = op(dense.tostype("csr"), w)
    y.backward()
    np.testing.assert_array_equal(y.asnumpy(), [[1, 2], [6, 8]])
    np.testing.assert_array_equal(w.grad.asnumpy(), [[1, 1], [2, 2]])
    op = mx.nd.CachedOp(mx.sym.contrib.boolean_mask(data, weight))
    assert op(w, nd.array([0.0, 1.0])).asnumpy().tolist() == [[3, 4]]


def test_zero_size_and_scalar_outputs():
    a = mx.sym.var("a")
    op = mx.nd.CachedOp(mx.sym.Group([a * 2, mx.sym.sum(a)]))
    x = nd.array(np.zeros((0, 3)))
    doubled, total = op(x)
    assert doubled.shape == (0, 3) and total.asscalar() == 0


def test_symbol_without_inputs():
    op = mx.nd.CachedOp(mx.sym.ones((2, 2)) * 3)
    np.testing.assert_array_equal(op().asnumpy(), np.full((2, 2), 3))


def test_hook_sees_each_operator():
    symbol = mx.sym.exp(mx.sym.relu(mx.sym.var("a") + mx.sym.var("b"), name="r"), name="e")
    op = mx.nd.CachedOp(symbol)
    seen = []
    op._register_op_hook(lambda *each: seen.append((*each[:2], each[2].asscalar())), True)
    a = nd.array([1.0])
    a.attach_grad()
    with autograd.record():
        y = op(a, nd.array([-1.0]))
    y.backward()
    assert [each for each in seen if each[1] == "exp"] == [
        ("e_input0", "exp", 0.0),
        ("e_output", "exp", 1.0),
    ]
    assert len(seen) == 7 and a.grad.asscalar() == 0
    op._register_op_hook(None)
    op(a, a)
    assert len(seen) == 7
