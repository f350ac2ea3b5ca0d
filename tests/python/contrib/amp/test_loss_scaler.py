"""Dynamic loss scaling: its factors, and steps that are left out. Numbers are those of 1.9.1."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd
from mxnet.contrib import amp
from mxnet.contrib.amp.loss_scaler import LossScaler
from mxnet.gluon import Trainer, nn


@pytest.fixture
def make(init_amp):
    """A layer and its trainer with a scaler."""
    init_amp("bfloat16")

    def make_trainer(**arguments):
        net = nn.Dense(2, in_units=3)
        net.initialize()
        trainer = Trainer(net.collect_params(), "sgd", {"learning_rate": 1.0}, **arguments)
        amp.init_trainer(trainer)
        return net, trainer

    return make_trainer


def step(net, trainer, fill=None):
    """One step; gradients are filled with a number if one is given. Tells how weights moved."""
    with autograd.record():
        total = net(mx.nd.ones((4, 3))).sum()
        with amp.scale_loss(total, trainer) as scaled:
            autograd.backward(scaled)
    if fill is not None:
        net.weight.grad()[:] = fill
    before = net.weight.data().asnumpy()
    trainer.step(4)
    return net.weight.data().asnumpy() - before


def scales(trainer):
    scaler = trainer._amp_loss_scaler
    return scaler._loss_scale, scaler._next_loss_scale, scaler._unskipped


@pytest.mark.parametrize(
    "arguments", [{}, {"kvstore": "local", "update_on_kvstore": True}, {"kvstore": None}]
)
def test_overflowing_steps_are_skipped_and_halve_the_factor(make, arguments):
    net, trainer = make(**arguments)
    np.testing.assert_allclose(step(net, trainer), -1.0)
    assert scales(trainer) == (65536.0, 65536.0, 1)
    assert trainer._scale == 1 / 65536
    assert np.all(step(net, trainer, np.inf) == 0)
    assert scales(trainer) == (65536.0, 32768.0, 0)
    assert np.all(step(net, trainer, np.nan) == 0)
    assert scales(trainer) == (32768.0, 16384.0, 0)
    np.testing.assert_allclose(step(net, trainer), -1.0, rtol=1e-6)
    assert scales(trainer) == (16384.0, 16384.0, 1)


def test_the_factor_doubles_after_2000_steps_up_to_a_limit(make):
    net, trainer = make()
    trainer._amp_loss_scaler._unskipped = 1999
    step(net, trainer)
    assert scales(trainer) == (65536.0, 131072.0, 0)
    scaler = trainer._amp_loss_scaler
    scaler._loss_scale = scaler._next_loss_scale = 2.0**24
    scaler._unskipped = 1999
    step(net, trainer)
    assert scales(trainer) == (2.0**24, 2.0**24, 0)


def test_gradients_can_be_unscaled_before_the_step(make):
    net, trainer = make()
    with autograd.record():
        total = net(mx.nd.ones((4, 3))).sum()
        with amp.scale_loss(total, trainer) as scaled:
            autograd.backward(scaled)
    assert net.weight.grad().asnumpy()[0, 0] == 4 * 65536
    amp.unscale(trainer)
    assert net.weight.grad().asnumpy()[0, 0] == 4 and trainer._scale == 1
    before = net.weight.data().asnumpy()
    trainer.step(4)
    np.testing.assert_allclose(net.weight.data().asnumpy() - before, -1.0)


def test_lists_of_losses(make):
    _, trainer = make()
    with amp.scale_loss((mx.nd.ones(1), mx.nd.ones(2)), trainer) as scaled:
        assert [each.asnumpy().tolist() for each in scaled] == [[65536.0], [65536.0] * 2]


def test_split_steps(make):
    net, trainer = make(update_on_kvstore=False)
    with autograd.record():
        total = net(mx.nd.ones((4, 3))).sum()
        with amp.scale_loss(total, trainer) as scaled:
            autograd.backward(scaled)
    net.weight.grad()[:] = np.inf
    before = net.weight.data().asnumpy()
    trainer.allreduce_grads()
    trainer.update(4)
    np.testing.assert_array_equal(net.weight.data().asnumpy(), before)


def test_errors(make):
    net, trainer = make()
    for wrong in (3, mx.optimizer.create("sgd")):
        for function in (amp.init_trainer, amp.unscale):
            with pytest.raises(TypeError, match="Gluon Trainer"):
                function(wrong)
    other = Trainer(net.collect_params(), "sgd")
    with pytest.raises(AssertionError, match="init_trainer"):
        with amp.scale_loss(mx.nd.ones(1), other):
            pass


def test_init_comes_first():
    net = nn.Dense(2, in_units=3)
    net.initialize()
    with pytest.raises(AssertionError, match="did you forget to call amp.init"):
        amp.init_trainer(Trainer(net.collect_params(), "sgd"))
    assert LossScaler().loss_scale == 65536.0
