"""Lines about the progress of training."""

import time

import numpy as np

from .... import error
from .events import BatchBegin, BatchEnd, EpochBegin, EpochEnd, TrainBegin, TrainEnd

__all__ = ["LoggingHandler"]


class LoggingHandler(TrainBegin, TrainEnd, EpochBegin, EpochEnd, BatchBegin, BatchEnd):
    """Logs at the begin and end of training and of epochs, and every few batches.

    Args:
        log_interval (int or str): After how many batches; 'epoch' for epochs alone.
        metrics (list of EvalMetric): What is logged.
        priority (int): Its place among handlers; usually the last.
    """

    def __init__(self, log_interval="epoch", metrics=None, priority=np.inf):
        if not isinstance(log_interval, int) and log_interval != "epoch":
            raise error.ValueError(
                f"LoggingHandler: log_interval={log_interval!r} is no interval; expected an int or "
                "'epoch'"
            )
        self.log_interval = log_interval
        self.metrics = metrics or []
        self.priority = priority
        self.batch_index = self.current_epoch = self.processed_samples = 0
        self.interval_time = 0.0

    def _values(self):
        return "".join("{}: {:.4f}, ".format(*metric.get()) for metric in self.metrics)

    def _log(self, estimator, text):
        estimator.logger.info((text + self._values()).rstrip(", "))

    def train_begin(self, estimator, *args, **kwargs):
        self._train_start = time.time()
        self.batch_index = self.current_epoch = self.processed_samples = 0
        estimator.logger.info(
            "Training begin: using optimizer %s with current learning rate %.4f ",
            type(estimator.trainer.optimizer).__name__,
            estimator.trainer.learning_rate,
        )
        if estimator.max_epoch:
            estimator.logger.info("Train for %d epochs.", estimator.max_epoch)
        else:
            estimator.logger.info("Train for %d batches.", estimator.max_batch)

    def train_end(self, estimator, *args, **kwargs):
        seconds = time.time() - self._train_start
        text = f"Train finished using total {int(seconds)}s with {self.current_epoch} epochs. "
        self._log(estimator, text)

    def epoch_begin(self, estimator, *args, **kwargs):
        self._epoch_start = time.time()
        validates = self.metrics and all(each in estimator.val_metrics for each in self.metrics)
        if validates:
            estimator.logger.info("Validation Begin")
        else:
            estimator.logger.info(
                "[Epoch %d] Begin, current learning rate: %.4f",
                self.current_epoch,
                estimator.trainer.learning_rate,
            )

    def epoch_end(self, estimator, *args, **kwargs):
        seconds = time.time() - self._epoch_start
        self._log(estimator, f"[Epoch {self.current_epoch}] Finished in {seconds:.3f}s, ")
        self.current_epoch += 1
        self.batch_index = 0

    def batch_begin(self, estimator, *args, **kwargs):
        self._batch_start = time.time()

    def batch_end(self, estimator, *args, **kwargs):
        if not isinstance(self.log_interval, int):
            return
        self.interval_time += time.time() - self._batch_start
        self.processed_samples += kwargs["batch"][0].shape[estimator.batch_axis]
        if self.batch_index % self.log_interval == 0:
            self._log(
                estimator,
                f"[Epoch {self.current_epoch}][Batch {self.batch_index}]"
                f"[Samples {self.processed_samples}] time/interval: {self.interval_time:.3f}s ",
            )
            self.interval_time = 0.0
        self.batch_index += 1
