"""Learning rates as functions of the number of updates."""

import math

import numpy as np

from . import error
from .log import logger

__all__ = [
    "LRScheduler",
    "FactorScheduler",
    "MultiFactorScheduler",
    "PolyScheduler",
    "CosineScheduler",
]

_WARMUP_MODES = ("linear", "constant")


def _check_count(owner, name, value, least):
    """Refuse what is no whole number of at least `least`."""
    if not isinstance(value, (int, float, np.number)) or int(value) != value or value < least:
        raise error.AssertedValueError(
            f"{owner}: {name}={value!r} is wrong; an integer of at least {least} is expected"
        )


class LRScheduler:
    """Base of all schedulers: maps the number of updates so far to a learning rate.

    Args:
        base_lr (float): The learning rate to start from, after the warm-up.
        warmup_steps (int): Updates of the warm-up; 0 for none.
        warmup_begin_lr (float): Learning rate at its beginning.
        warmup_mode (str): ``linear`` rises to `base_lr`, ``constant`` stays at `warmup_begin_lr`.

    Raises:
        ValueError: An argument has a wrong value.
    """

    def __init__(self, base_lr=0.01, warmup_steps=0, warmup_begin_lr=0, warmup_mode="linear"):
        owner = type(self).__name__
        _check_count(owner, "warmup_steps", warmup_steps, 0)
        if warmup_begin_lr > base_lr:
            raise error.ValueError(
                f"{owner}: warmup_begin_lr={warmup_begin_lr} is too large; at most "
                f"base_lr={base_lr} is expected"
            )
        if warmup_mode not in _WARMUP_MODES:
            raise error.ValueError(
                f"{owner}: warmup_mode={warmup_mode!r} is unknown; linear or constant is expected"
            )
        self.base_lr = base_lr
        self.warmup_steps = warmup_steps
        self.warmup_final_lr = base_lr
        self.warmup_begin_lr = warmup_begin_lr
        self.warmup_mode = warmup_mode

    def get_warmup_lr(self, num_update):
        """Learning rate at an update of the warm-up."""
        if num_update >= self.warmup_steps:
            raise error.AssertedValueError(
                f"{type(self).__name__}: num_update={num_update} is past the "
                f"warm-up; less than {self.warmup_steps} is expected"
            )
        if self.warmup_mode == "constant":
            return self.warmup_begin_lr
        rise = (self.warmup_final_lr - self.warmup_begin_lr) * num_update / self.warmup_steps
        return self.warmup_begin_lr + rise

    def __call__(self, num_update):
        """Learning rate after `num_update` updates; may only be asked with rising numbers."""
        raise error.NotImplementedError(
            f"{type(self).__name__} does not define __call__(num_update)"
        )


def _check_factor(owner, factor):
    if factor > 1.0:
        raise error.ValueError(
            f"{owner}: factor={factor} makes the learning rate grow; at most 1 is expected"
        )


def _log_change(num_update, rate):
    logger.info("Update[%d]: Change learning rate to %0.5e", num_update, rate)


class FactorScheduler(LRScheduler):
    """Multiply the learning rate by `factor` every `step` updates.

    Args:
        step (int): Updates between two changes.
        factor (float): The factor, at most 1.
        stop_factor_lr (float): The learning rate does not fall below this.
        base_lr, warmup_steps, warmup_begin_lr, warmup_mode: See `LRScheduler`.

    Example:
        >>> schedule = FactorScheduler(step=10, factor=0.5, base_lr=1.0)
        >>> schedule(10), schedule(11)
        (1.0, 0.5)
    """

    def __init__(
        self,
        step,
        factor=1,
        stop_factor_lr=1e-8,
        base_lr=0.01,
        warmup_steps=0,
        warmup_begin_lr=0,
        warmup_mode="linear",
    ):
        super().__init__(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        if step < 1:
            raise error.ValueError(
                f"FactorScheduler: step={step} is too small; at least 1 is expected"
            )
        _check_factor("FactorScheduler", factor)
        self.step = step
        self.factor = factor
        self.stop_factor_lr = stop_factor_lr
        self.count = 0

    def __call__(self, num_update):
        if num_update < self.warmup_steps:
            return self.get_warmup_lr(num_update)
        while num_update > self.count + self.step:
            self.count += self.step
            self.base_lr *= self.factor
            if self.base_lr < self.stop_factor_lr:
                self.base_lr = self.stop_factor_lr
                logger.info(
                    "Update[%d]: the learning rate stays at its end, %0.5e",
                    num_update,
                    self.base_lr,
                )
            else:
                _log_change(num_update, self.base_lr)
        return self.base_lr


class MultiFactorScheduler(LRScheduler):
    """Multiply the learning rate by `factor` after each of the given numbers of updates.

    Args:
        step (list of int): Rising numbers of updates.
        factor (float): The factor, at most 1.
        base_lr, warmup_steps, warmup_begin_lr, warmup_mode: See `LRScheduler`.
    """

    def __init__(
        self, step, factor=1, base_lr=0.01, warmup_steps=0, warmup_begin_lr=0, warmup_mode="linear"
    ):
        super().__init__(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        if not isinstance(step, list) or not step:
            raise error.AssertedValueError(
                f"MultiFactorScheduler: step={step!r} is wrong; a list of at "
                "least one integer is expected"
            )
        if step[0] < 1 or any(b <= a for a, b in zip(step, step[1:])):
            raise error.ValueError(
                f"MultiFactorScheduler: step={step} is wrong; rising integers of at "
                "least 1 are expected"
            )
        _check_factor("MultiFactorScheduler", factor)
        self.step = step
        self.cur_step_ind = 0
        self.factor = factor
        self.count = 0

    def __call__(self, num_update):
        if num_update < self.warmup_steps:
            return self.get_warmup_lr(num_update)
        while self.cur_step_ind < len(self.step) and num_update > self.step[self.cur_step_ind]:
            self.count = self.step[self.cur_step_ind]
            self.cur_step_ind += 1
            self.base_lr *= self.factor
            _log_change(num_update, self.base_lr)
        return self.base_lr


class _DecayScheduler(LRScheduler):
    """A learning rate that falls to `final_lr` along a curve and stays there."""

    def __init__(self, max_update, base_lr, final_lr, warmup_steps, warmup_begin_lr, warmup_mode):
        super().__init__(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        _check_count(type(self).__name__, "max_update", max_update, 1)
        self.base_lr_orig = self.base_lr
        self.max_update = max_update
        self.final_lr = final_lr
        self.max_steps = max_update - warmup_steps

    def _fraction(self, progress):
        """Part of the fall that is still to come at `progress` from 0 to 1."""
        raise error.NotImplementedError("a subclass defines this")

    def __call__(self, num_update):
        if num_update < self.warmup_steps:
            return self.get_warmup_lr(num_update)
        if num_update <= self.max_update:
            progress = (num_update - self.warmup_steps) / self.max_steps
            fall = self.base_lr_orig - self.final_lr
            self.base_lr = self.final_lr + fall * self._fraction(progress)
        return self.base_lr


class PolyScheduler(_DecayScheduler):
    """Let the learning rate fall along a power of the remaining updates.

    Args:
        max_update (int): The update at which `final_lr` is reached.
        base_lr (float): The learning rate to start from.
        pwr (float): The power.
        final_lr (float): The learning rate at the end.
        warmup_steps, warmup_begin_lr, warmup_mode: See `LRScheduler`.
    """

    def __init__(
        self,
        max_update,
        base_lr=0.01,
        pwr=2,
        final_lr=0,
        warmup_steps=0,
        warmup_begin_lr=0,
        warmup_mode="linear",
    ):
        super().__init__(max_update, base_lr, final_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        self.power = pwr

    def _fraction(self, progress):
        return (1 - progress) ** self.power


class CosineScheduler(_DecayScheduler):
    """Let the learning rate fall along half a period of the cosine.

    Args:
        max_update (int): The update at which `final_lr` is reached.
        base_lr (float): The learning rate to start from.
        final_lr (float): The learning rate at the end.
        warmup_steps, warmup_begin_lr, warmup_mode: See `LRScheduler`.
    """

    def __init__(
        self,
        max_update,
        base_lr=0.01,
        final_lr=0,
        warmup_steps=0,
        warmup_begin_lr=0,
        warmup_mode="linear",
    ):
        super().__init__(max_update, base_lr, final_lr, warmup_steps, warmup_begin_lr, warmup_mode)

    def _fraction(self, progress):
        return (1 + math.cos(math.pi * progress)) / 2
