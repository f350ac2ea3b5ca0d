"""Functions that training calls after batches and epochs."""

import math
import time

from .checkpoint import save_checkpoint
from .log import logger

__all__ = [
    "Speedometer",
    "ProgressBar",
    "LogValidationMetricsCallback",
    "do_checkpoint",
    "log_train_metric",
    "module_checkpoint",
]


def module_checkpoint(mod, prefix, period=1, save_optimizer_states=False):
    """Make an epoch callback that saves a module.

    Args:
        mod (Module): The module.
        prefix (str): Prefix of the files.
        period (int): Epochs between two checkpoints.
        save_optimizer_states (bool): Whether to save the states of the optimizer too.

    Returns:
        function: For `epoch_end_callback` of `Module.fit`.
    """
    period = max(1, int(period))

    def callback(iter_no, sym=None, arg=None, aux=None):
        if (iter_no + 1) % period == 0:
            mod.save_checkpoint(prefix, iter_no + 1, save_optimizer_states)

    return callback


def do_checkpoint(prefix, period=1):
    """Make an epoch callback that saves symbol and parameters.

    Args:
        prefix (str): Prefix of the files.
        period (int): Epochs between two checkpoints.

    Returns:
        function: For `epoch_end_callback` of `Module.fit`.
    """
    period = max(1, int(period))

    def callback(iter_no, sym, arg, aux):
        if (iter_no + 1) % period == 0:
            save_checkpoint(prefix, iter_no + 1, sym, arg, aux)

    return callback


def log_train_metric(period, auto_reset=False):
    """Make a batch callback that logs the training metric.

    Args:
        period (int): Batches between two lines.
        auto_reset (bool): Whether to reset the metric after each line.

    Returns:
        function: For `batch_end_callback` of `Module.fit`.
    """

    def callback(param):
        if param.nbatch % period == 0 and param.eval_metric is not None:
            for name, value in param.eval_metric.get_name_value():
                logger.info(
                    "Iter[%d] Batch[%d] Train-%s=%f", param.epoch, param.nbatch, name, value
                )
            if auto_reset:
                param.eval_metric.reset_local()

    return callback


class Speedometer:
    """Logs the speed of training, and the training metric, every few batches.

    Args:
        batch_size (int): Rows in a batch.
        frequent (int): Batches between two lines.
        auto_reset (bool): Whether to reset the metric after each line.
    """

    def __init__(self, batch_size, frequent=50, auto_reset=True):
        self.batch_size = batch_size
        self.frequent = frequent
        self.auto_reset = auto_reset
        self.init = False
        self.tic = 0
        self.last_count = 0

    def __call__(self, param):
        count = param.nbatch
        if self.last_count > count:
            self.init = False
        self.last_count = count
        if not self.init:
            self.init = True
            self.tic = time.time()
        elif count % self.frequent == 0:
            self._report(param, count)
            self.tic = time.time()

    def _report(self, param, count):
        seconds = time.time() - self.tic
        speed = self.frequent * self.batch_size / seconds if seconds else float("inf")
        if param.eval_metric is None:
            logger.info("Iter[%d] Batch [%d]\tSpeed: %.2f samples/sec", param.epoch, count, speed)
            return
        values = param.eval_metric.get_name_value()
        begin = 0
        if self.auto_reset:
            param.eval_metric.reset_local()
            begin = count - self.frequent
        line = "Epoch[%d] Batch [%d-%d]\tSpeed: %.2f samples/sec" + "\t%s=%f" * len(values)
        logger.info(
            line, param.epoch, begin, count, speed, *(part for pair in values for part in pair)
        )


class ProgressBar:
    """Logs a bar that shows how much of an epoch is done.

    Args:
        total (int): Batches in an epoch.
        length (int): Length of the bar in characters.
    """

    def __init__(self, total, length=80):
        self.bar_len = length
        self.total = total

    def __call__(self, param):
        filled = int(round(self.bar_len * param.nbatch / self.total))
        percent = math.ceil(100.0 * param.nbatch / self.total)
        logger.info("[%s] %s%%\r", "=" * filled + "-" * (self.bar_len - filled), percent)


class LogValidationMetricsCallback:
    """Logs the validation metric at the end of an epoch."""

    def __call__(self, param):
        if param.eval_metric is None:
            return
        for name, value in param.eval_metric.get_name_value():
            logger.info("Epoch[%d] Validation-%s=%f", param.epoch, name, value)
