"""Optimizers: what stored results do not show."""

import base64
import pickle

import numpy as np
import pytest

import mxnet as mx

# One momentum of three values -0.01, pickled by 1.9.1.
OLD_STATES = base64.b64decode(
    "gASViAAAAAAAAAB9lEsAjBVteG5ldC5uZGFycmF5Lm5kYXJyYXmUjAdOREFycmF5lJOUToWUUpR9lIwG"
    "aGFuZGxllIwIYnVpbHRpbnOUjAlieXRlYXJyYXmUk5RDLMn6k/kAAAAAAQAAAAMAAAAAAAAAAQAAAAAA"
    "AAAAAAAACtcjvArXI7wK1yO8lIWUUpRzYnMu"
)


def test_create_by_name():
    optimizer = mx.optimizer.create("SGD", learning_rate=0.2, momentum=0.3)
    assert (optimizer.lr, optimizer.momentum) == (0.2, 0.3)
    with pytest.raises(ValueError, match="optimizer='sdg' is not registered.*sgd") as caught:
        mx.optimizer.create("sdg")
    assert isinstance(caught.value, mx.MXNetError)
    with pytest.raises(TypeError, match="momentun"):
        mx.optimizer.create("sgd", momentun=0.3)


def test_defaults():
    assert mx.optimizer.SGD().learning_rate == 0.01
    assert mx.optimizer.Adam().learning_rate == 0.001
    schedule = mx.lr_scheduler.FactorScheduler(2, 0.5, base_lr=0.7)
    assert mx.optimizer.SGD(lr_scheduler=schedule).learning_rate == 0.7
    assert mx.optimizer.SGD(learning_rate=0.3, lr_scheduler=schedule).learning_rate == 0.3


def test_learning_rate_is_set_once():
    optimizer = mx.optimizer.SGD()
    optimizer.set_learning_rate(0.1)
    assert optimizer.learning_rate == 0.1
    scheduled = mx.optimizer.SGD(lr_scheduler=mx.lr_scheduler.FactorScheduler(2))
    with pytest.raises(UserWarning, match="comes from a scheduler"):
        scheduled.set_learning_rate(0.1)


def test_update_counts():
    optimizer = mx.optimizer.SGD(begin_num_update=5)
    optimizer._update_count(0)
    optimizer._update_count([0, 1])
    assert (optimizer.num_update, optimizer._index_update_count) == (7, {0: 7, 1: 6})
    optimizer._set_current_context(1)
    optimizer._update_count(1)
    assert (optimizer.num_update, optimizer._index_update_count) == (7, {1: 6})


def test_half_precision_without_copy_warns():
    with pytest.warns(UserWarning, match="SGD adds up in 16 bits"):
        mx.optimizer.SGD().create_state_multi_precision(0, mx.nd.ones(2, dtype="float16"))


def test_own_optimizer():
    @mx.optimizer.register
    class Halving(mx.optimizer.Optimizer):
        def update(self, index, weight, grad, state):
            weight[:] = weight / 2

    weight = mx.nd.ones(2)
    mx.optimizer.get_updater(mx.optimizer.create("halving"))(0, mx.nd.ones(2), weight)
    assert weight.asnumpy().tolist() == [0.5, 0.5]


def step(updater, weight):
    updater(0, mx.nd.array([1, -2]), weight)
    return weight.asnumpy()


def test_states_go_on_after_a_round_trip():
    first = mx.optimizer.get_updater(mx.optimizer.SGD(momentum=0.9, learning_rate=0.1))
    weight = mx.nd.ones(2)
    step(first, weight)
    second = mx.optimizer.get_updater(mx.optimizer.SGD(momentum=0.9, learning_rate=0.1))
    second.set_states(first.get_states())
    assert second.states_synced == {0: False}
    np.testing.assert_array_equal(step(second, weight.copy()), step(first, weight))


def test_optimizer_travels_with_its_states():
    optimizer = mx.optimizer.Adam(learning_rate=0.1, param_dict={0: object()})
    updater = mx.optimizer.get_updater(optimizer)
    updater.states[0] = mx.nd.ones(1)
    other = mx.optimizer.get_updater(mx.optimizer.SGD())
    other.set_states(updater.get_states(dump_optimizer=True))
    assert isinstance(other.optimizer, mx.optimizer.Adam)
    assert (other.optimizer.lr, other.optimizer.param_dict) == (0.1, {})


def test_states_of_1_9_1_are_read():
    updater = mx.optimizer.get_updater(mx.optimizer.SGD(momentum=0.9))
    updater.set_states(OLD_STATES)
    np.testing.assert_allclose(updater.states[0].asnumpy(), [-0.01] * 3)


def test_classes_are_pickled_under_the_module_of_1_9_1():
    assert mx.optimizer.SGD.__module__.endswith("optimizer.optimizer")
    assert b"optimizer.optimizer" in pickle.dumps(mx.optimizer.SGD())


@pytest.mark.parametrize("states", [b"", b"abc", pickle.dumps(3)])
def test_damaged_states(states):
    updater = mx.optimizer.get_updater(mx.optimizer.SGD())
    with pytest.raises(ValueError, match="Updater.set_states: the states are"):
        updater.set_states(states)
