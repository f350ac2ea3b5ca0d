"""Learning rate schedules: errors and log lines."""

import logging

import pytest

import mxnet as mx

schedules = mx.lr_scheduler


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: schedules.FactorScheduler(0), "step=0 is too small"),
        (lambda: schedules.FactorScheduler(1, 2.0), "factor=2.0 makes"),
        (lambda: schedules.MultiFactorScheduler([3, 2]), r"step=\[3, 2\] is wrong; rising"),
        (lambda: schedules.MultiFactorScheduler(3), "step=3 is wrong; a list"),
        (lambda: schedules.PolyScheduler(0), "max_update=0 is wrong"),
        (lambda: schedules.CosineScheduler(1.5), "max_update=1.5 is wrong"),
        (lambda: schedules.LRScheduler(warmup_begin_lr=2.0), "warmup_begin_lr=2.0 is too large"),
        (lambda: schedules.LRScheduler(warmup_steps=-1), "warmup_steps=-1 is wrong"),
        (lambda: schedules.LRScheduler(warmup_mode="x"), "warmup_mode='x' is unknown"),
        (lambda: schedules.LRScheduler(warmup_steps=2).get_warmup_lr(2), "num_update=2 is past"),
    ],
)
def test_wrong_arguments(make, message):
    with pytest.raises(ValueError, match=message) as caught:
        make()
    assert isinstance(caught.value, mx.MXNetError)


def test_base_class_has_no_rate():
    with pytest.raises(NotImplementedError):
        schedules.LRScheduler()(1)


def test_changes_are_logged(caplog):
    caplog.set_level(logging.INFO)
    schedule = schedules.FactorScheduler(2, 0.5, stop_factor_lr=0.3)
    schedule.base_lr = 1.0
    assert [schedule(i) for i in (2, 3, 5)] == [1.0, 0.5, 0.3]
    assert caplog.messages[0] == "Update[3]: Change learning rate to 5.00000e-01"
    assert len(caplog.messages) == 2
