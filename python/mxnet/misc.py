"""The learning-rate schedulers of the first versions; `mxnet.lr_scheduler` follows them."""

import math

from . import error
from .log import logger

__all__ = ["LearningRateScheduler", "FactorScheduler"]


class LearningRateScheduler:
    """Base of these schedulers: a function of the number of iterations.

    Attributes:
        base_lr (float): The learning rate to start from.
    """

    def __init__(self):
        self.base_lr = 0.01

    def __call__(self, iteration):
        """The learning rate at an iteration."""
        raise error.NotImplementedError(f"{type(self).__name__} does not define __call__")


class FactorScheduler(LearningRateScheduler):
    """Multiplies the learning rate by a factor every few iterations.

    Args:
        step (int): Iterations between two changes; at least 1.
        factor (float): The factor, below 1.

    Raises:
        ValueError: An argument is out of range.
    """

    def __init__(self, step, factor=0.1):
        super().__init__()
        if step < 1:
            raise error.ValueError(
                f"FactorScheduler: step={step} is too small; at least 1 is expected"
            )
        if factor >= 1:
            raise error.ValueError(
                f"FactorScheduler: factor={factor} is too large; less than 1 is expected"
            )
        self.step = step
        self.factor = factor
        self.old_lr = self.base_lr
        self.init = False

    def __call__(self, iteration):
        if not self.init:
            self.init = True
            self.old_lr = self.base_lr
        rate = self.base_lr * math.pow(self.factor, int(iteration / self.step))
        if rate != self.old_lr:
            self.old_lr = rate
            logger.info("At Iteration [%d]: Switch to new learning rate %.5f", iteration, rate)
        return rate
