"""Row-sparse gradients were taken for dense ones: weight decay and momentum moved every row."""

import itertools

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd

W = np.array([[1, 2], [3, 4], [5, 6]], "float32")
G = np.array([[0.5, 1], [0, 0], [-1, 2]], "float32")
S = np.array([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]], "float32")
OPERATORS = {
    "sgd_update": (0, {"lr": 0.1, "wd": 0.01}),
    "sgd_mom_update": (1, {"lr": 0.1, "wd": 0.01, "momentum": 0.9}),
    "adam_update": (2, {"lr": 0.1, "wd": 0.01}),
}


def updated(name, grad_stype, stype, **extra):
    count, attrs = OPERATORS[name]
    weight = nd.array(W).tostype(stype)
    states = [nd.array(S).tostype(stype) for _ in range(count)]
    grad = nd.array(G).tostype(grad_stype)
    getattr(nd, name)(weight, grad, *states, out=weight, **attrs, **extra)
    assert weight.stype == stype
    return [array.asnumpy() for array in (weight, *states)]


@pytest.mark.parametrize("name, stype", itertools.product(OPERATORS, ["default", "row_sparse"]))
def test_rows_without_a_gradient_stay(name, stype):
    lazy = updated(name, "row_sparse", stype)
    dense = updated(name, "default", "default")
    for got, want, before in zip(lazy, dense, (W, S, S)):
        np.testing.assert_array_equal(got[[0, 2]], want[[0, 2]])
        np.testing.assert_array_equal(got[1], before[1])
        assert (want[1] != before[1]).all()  # which the dense update moves


@pytest.mark.parametrize("name, stype", itertools.product(OPERATORS, ["default", "row_sparse"]))
def test_lazy_update_off(name, stype):
    eager = updated(name, "row_sparse", stype, lazy_update=False)
    for got, want in zip(eager, updated(name, "default", "default")):
        np.testing.assert_array_equal(got, want)


def test_ftrl_of_row_sparse_weights():
    arrays = [nd.array(a).tostype("row_sparse") for a in (W, G, S, S)]
    nd.ftrl_update(*arrays, out=arrays[0], lr=0.1, wd=0.01)
    dense = [nd.array(a) for a in (W, G, S, S)]
    nd.ftrl_update(*dense, out=dense[0], lr=0.1, wd=0.01)
    for got, want, before in zip(arrays, dense, (W, G, S, S)):
        np.testing.assert_array_equal(got.asnumpy()[[0, 2]], want.asnumpy()[[0, 2]])
        np.testing.assert_array_equal(got.asnumpy()[1], before[1])


@pytest.mark.parametrize("name", ["sgd", "adam", "adagrad", "ftrl", "rmsprop", "nag"])
@pytest.mark.parametrize("stype", ["default", "row_sparse"])
def test_optimizers_take_row_sparse_gradients(name, stype):
    optimizer = mx.optimizer.create(name, learning_rate=0.1)
    weight = nd.array(W).tostype(stype)
    updater = mx.optimizer.get_updater(optimizer)
    for _ in range(2):
        updater(0, nd.array(G).tostype("row_sparse"), weight)
    assert weight.stype == stype
    assert (weight.asnumpy()[[0, 2]] != W[[0, 2]]).all()


def test_decay():
    weight = nd.ones((2, 1))
    grad = nd.array([[1.0], [0.0]]).tostype("row_sparse")
    mx.optimizer.SGD(learning_rate=0.1, wd=1.0).update(0, weight, grad, None)
    np.testing.assert_allclose(weight.asnumpy().ravel(), [0.8, 1])


def test_missing_rows_and_states_are_zero():
    weight, momentum = (nd.zeros((3, 2), stype="row_sparse") for _ in range(2))
    nd.sgd_mom_update(
        weight, nd.array(G).tostype("row_sparse"), momentum, out=weight, lr=0.1, momentum=0.9
    )
    np.testing.assert_allclose(weight.asnumpy(), -0.1 * G, rtol=1e-6)
    np.testing.assert_allclose(momentum.asnumpy(), -0.1 * G, rtol=1e-6)
