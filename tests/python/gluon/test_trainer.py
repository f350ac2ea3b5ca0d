"""The trainer: one device and several, stores, stale gradients, states."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, gluon
from mxnet.gluon import nn

DEVICES = [mx.cpu(0), mx.cpu(1)]


def parameter(ctx=None, **kwargs):
    made = gluon.Parameter("w", shape=(2,), **kwargs)
    made.initialize(init="ones", ctx=ctx)
    return made


def backward(made, factor=1.0):
    with autograd.record():
        losses = [(array * factor).sum() for array in made.list_data()]
    autograd.backward(losses)


def test_one_step():
    made = parameter()
    trainer = gluon.Trainer([made], "sgd", {"learning_rate": 0.5})
    backward(made, 4)
    trainer.step(2)
    assert made.data().asnumpy().tolist() == [0, 0]
    assert trainer.learning_rate == 0.5
    trainer.set_learning_rate(0.1)
    backward(made)
    trainer.step(1)
    np.testing.assert_allclose(made.data().asnumpy(), [-0.1, -0.1], rtol=1e-6)


@pytest.mark.parametrize("on_store", [None, False, True])
@pytest.mark.parametrize("store", ["local", "device", None])
def test_gradients_of_devices_are_added(on_store, store):
    made = parameter(DEVICES)
    trainer = gluon.Trainer(
        [made], "sgd", {"learning_rate": 1.0, "momentum": 0.5}, store, update_on_kvstore=on_store
    )
    backward(made)
    trainer.step(1)
    expected = -1 if store else 0  # without a store each device is on its own
    for array in made.list_data():
        assert array.asnumpy().tolist() == [expected, expected]


def test_halves_of_a_step():
    made = parameter(DEVICES)
    trainer = gluon.Trainer([made], "sgd", {"learning_rate": 1.0}, update_on_kvstore=False)
    backward(made)
    trainer.allreduce_grads()
    assert made.grad(DEVICES[1]).asnumpy().tolist() == [2, 2]
    trainer.update(2)
    assert made.data(DEVICES[0]).asnumpy().tolist() == [0, 0]
    trainer = gluon.Trainer([made], "sgd", update_on_kvstore=True)
    with pytest.raises(AssertionError, match="update_on_kvstore=False"):
        trainer.allreduce_grads()
    with pytest.raises(AssertionError, match="update_on_kvstore=False"):
        trainer.update(1)


@pytest.mark.parametrize("ctx", [None, DEVICES])
def test_stale_gradients(ctx):
    made = parameter(ctx)
    trainer = gluon.Trainer([made], "sgd", {"learning_rate": 1.0})
    backward(made)
    trainer.step(1)
    with pytest.raises(UserWarning, match="Gradient of Parameter `w`"):
        trainer.step(1)
    if ctx is None:
        before = made.data().asnumpy()
        trainer.step(1, ignore_stale_grad=True)
        assert (made.data().asnumpy() == before).all()
    made.zero_grad()
    with pytest.raises(UserWarning, match="has not been updated by backward"):
        trainer.step(1)
    backward(made)
    trainer.step(1)


def test_frozen_parameters_stay():
    net = nn.Sequential()
    net.add(nn.Dense(2, in_units=2), nn.Dense(1, in_units=2))
    net.initialize(mx.init.One())
    net[0].collect_params().setattr("grad_req", "null")
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 1.0})
    with autograd.record():
        loss = net(mx.nd.ones((1, 2)))
    loss.backward()
    trainer.step(1)
    assert (net[0].weight.data().asnumpy() == 1).all()
    assert (net[1].weight.data().asnumpy() != 1).all()


def test_multipliers():
    slow, fast = parameter(lr_mult=0.5), gluon.Parameter("v", shape=(2,), wd_mult=0)
    fast.initialize(init="ones")
    trainer = gluon.Trainer([slow, fast], "sgd", {"learning_rate": 1.0, "wd": 0.5})
    with autograd.record():
        loss = (slow.data() + fast.data()).sum()
    loss.backward()
    trainer.step(1)
    assert slow.data().asnumpy().tolist() == [0.25, 0.25]
    assert fast.data().asnumpy().tolist() == [0, 0]


@pytest.mark.parametrize("on_store", [False, True])
def test_states_continue(tmp_path, on_store):
    def run(steps, load=None):
        made = parameter(DEVICES)
        trainer = gluon.Trainer(
            [made], "sgd", {"learning_rate": 0.1, "momentum": 0.9}, update_on_kvstore=on_store
        )
        if load:
            trainer.load_states(load)
            made.set_data(mx.nd.array(values))
        for _ in range(steps):
            backward(made)
            trainer.step(1)
        return made, trainer

    made, trainer = run(2)
    values = made.data(DEVICES[0]).asnumpy()
    trainer.save_states(str(tmp_path / "states"))
    continued, _ = run(2, str(tmp_path / "states"))
    whole, _ = run(4)
    for array in continued.list_data():
        np.testing.assert_allclose(array.asnumpy(), whole.data(DEVICES[0]).asnumpy(), rtol=1e-6)


def test_setting_values_keeps_the_momentum_of_the_store():
    made = parameter(DEVICES)
    trainer = gluon.Trainer([made], "sgd", {"learning_rate": 1.0, "momentum": 1.0})
    backward(made)
    trainer.step(1)
    made.set_data(mx.nd.zeros(2))
    backward(made)
    trainer.step(1)
    assert made.data(DEVICES[1]).asnumpy().tolist() == [-4, -4]


def test_sparse_parameters():
    embedding = gluon.contrib.nn.SparseEmbedding(4, 2)
    embedding.initialize(mx.init.One())
    trainer = gluon.Trainer(embedding.collect_params(), "sgd", {"learning_rate": 1.0})
    numbers = mx.nd.array([1, 3])
    with autograd.record():
        loss = embedding(numbers).sum()
    loss.backward()
    trainer.step(1)
    rows = embedding.weight.row_sparse_data(mx.nd.arange(4)).asnumpy()
    assert rows.tolist() == [[1, 1], [0, 0], [1, 1], [0, 0]]
    with pytest.raises(ValueError, match="update_on_kvstore=False"):
        gluon.Trainer([sparse()], "sgd", update_on_kvstore=False).step(1)


def sparse():
    made = gluon.Parameter("s", shape=(2, 2), stype="row_sparse", grad_stype="row_sparse")
    made.initialize()
    return made


def test_sparse_gradients():
    layer = nn.Embedding(5, 2, sparse_grad=True)
    layer.initialize(mx.init.One())
    trainer = gluon.Trainer(layer.collect_params(), "sgd", {"learning_rate": 1.0, "wd": 0.5})
    with autograd.record():
        loss = layer(mx.nd.array([0, 0, 4])).sum()
    loss.backward()
    assert layer.weight.grad().stype == "row_sparse"
    trainer.step(1)
    # Rows without a gradient do not decay either.
    assert layer.weight.data().asnumpy()[:, 0].tolist() == [-1.5, 1, 1, 1, -0.5]


def test_wrong_arguments():
    made = parameter()
    with pytest.raises(ValueError, match="params is a int"):
        gluon.Trainer(3, "sgd")
    with pytest.raises(ValueError, match="params holds a int"):
        gluon.Trainer([3], "sgd")
    with pytest.raises(AssertionError, match="optimizer_params"):
        gluon.Trainer([made], mx.optimizer.SGD(), {"learning_rate": 1})
    other = gluon.Parameter("v", shape=(1,))
    other.initialize(ctx=mx.cpu(1))
    with pytest.raises(AssertionError, match="Parameter v is on"):
        gluon.Trainer([made, other], "sgd")


@pytest.mark.parametrize("kvstore", ["device", "local"])
def test_parameters_cast_between_steps(kvstore):
    weight = gluon.Parameter("w", shape=(2,))
    weight.initialize("zeros", ctx=[mx.cpu(0), mx.cpu(1)])
    options = {"learning_rate": 1.0, "momentum": 0.5}
    trainer = gluon.Trainer([weight], "sgd", options, kvstore=kvstore)
    for dtype, expected in [("float32", -2), ("float64", -5)]:
        weight.cast(dtype)
        for grad in weight.list_grad():
            grad[:] = 1
        trainer.step(1, ignore_stale_grad=True)
        assert [x.asnumpy().tolist() for x in weight.list_data()] == [[expected] * 2] * 2
        assert weight.data(mx.cpu(0)).dtype is np.dtype(dtype).type
