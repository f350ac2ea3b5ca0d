"""Handlers that update parameters and metrics, validate, and end the training."""

import math
import warnings

import numpy as np

from .... import error
from ....metric import Loss
from .events import BatchEnd, EpochBegin, EpochEnd, TrainBegin, TrainEnd

__all__ = [
    "StoppingHandler",
    "MetricHandler",
    "ValidationHandler",
    "EarlyStoppingHandler",
    "GradientUpdateHandler",
    "is_better",
]


def is_better(mode, monitor):
    """The function that tells whether a value of a metric is better than another.

    Args:
        mode (str): 'min' or 'max'; 'auto' is 'max' for metrics with acc or f1 in their names.
        monitor (EvalMetric): The metric.
    """
    if mode not in ("auto", "min", "max"):
        warnings.warn(f"mode={mode!r} is not known; it is taken for 'auto'", stacklevel=3)
        mode = "auto"
    if mode == "auto":
        name = monitor.get()[0].lower()
        mode = "max" if "acc" in name or "f1" in name else "min"
    return np.greater if mode == "max" else np.less


class StoppingHandler(TrainBegin, BatchEnd, EpochEnd):
    """Ends the training after a number of epochs or batches.

    Args:
        max_epoch (int): How many epochs; None for no bound.
        max_batch (int): How many batches; None for no bound.
    """

    def __init__(self, max_epoch=None, max_batch=None):
        self.max_epoch = max_epoch
        self.max_batch = max_batch
        self.current_batch = self.current_epoch = 0
        self.stop_training = False

    def train_begin(self, estimator, *args, **kwargs):
        self.max_epoch, self.max_batch = estimator.max_epoch, estimator.max_batch
        self.current_batch = self.current_epoch = 0
        self.stop_training = False

    def batch_end(self, estimator, *args, **kwargs):
        self.current_batch += 1
        self.stop_training = self.stop_training or self.current_batch == self.max_batch
        return self.stop_training

    def epoch_end(self, estimator, *args, **kwargs):
        self.current_epoch += 1
        self.stop_training = self.stop_training or self.current_epoch == self.max_epoch
        return self.stop_training


class MetricHandler(EpochBegin, BatchEnd):
    """Updates metrics with each batch, anew for each epoch.

    Args:
        metrics (list of EvalMetric): The metrics.
        priority (int): Its place among handlers.
    """

    def __init__(self, metrics, priority=-1000):
        self.metrics = metrics if isinstance(metrics, list) else [metrics]
        self.priority = priority

    def epoch_begin(self, estimator, *args, **kwargs):
        for metric in self.metrics:
            metric.reset()

    def batch_end(self, estimator, *args, **kwargs):
        for metric in self.metrics:
            if isinstance(metric, Loss):
                metric.update(0, kwargs["loss"])
            else:
                metric.update(kwargs["label"], kwargs["pred"])


class ValidationHandler(TrainBegin, BatchEnd, EpochEnd):
    """Evaluates the network every few epochs or batches.

    Args:
        val_data (DataLoader): The data.
        eval_fn (function): Called with the data, as `Estimator.evaluate`.
        epoch_period (int): After how many epochs; None for never.
        batch_period (int): After how many batches; None for never.
        priority (int): Its place among handlers.
        event_handlers (list of EventHandler): What `eval_fn` is given.
    """

    def __init__(
        self,
        val_data,
        eval_fn,
        epoch_period=1,
        batch_period=None,
        priority=-1000,
        event_handlers=None,
    ):
        self.val_data = val_data
        self.eval_fn = eval_fn
        self.epoch_period = epoch_period
        self.batch_period = batch_period
        self.priority = priority
        self.event_handlers = event_handlers
        self.current_batch = self.current_epoch = 0

    def _evaluate(self, estimator):
        self.eval_fn(
            val_data=self.val_data,
            batch_axis=estimator.batch_axis,
            event_handlers=self.event_handlers,
        )

    def train_begin(self, estimator, *args, **kwargs):
        self.current_batch = self.current_epoch = 0

    def batch_end(self, estimator, *args, **kwargs):
        self.current_batch += 1
        if self.batch_period and self.current_batch % self.batch_period == 0:
            self._evaluate(estimator)

    def epoch_end(self, estimator, *args, **kwargs):
        self.current_epoch += 1
        if self.epoch_period and self.current_epoch % self.epoch_period == 0:
            self._evaluate(estimator)


class EarlyStoppingHandler(TrainBegin, EpochEnd, TrainEnd):
    """Ends the training when a metric does not improve any more.

    Args:
        monitor (EvalMetric): The metric.
        min_delta (float): Smallest change that counts.
        patience (int): How many epochs without one are waited for.
        mode (str): 'min', 'max' or 'auto', by the name of the metric.
        baseline (float): What has to be surpassed first.
    """

    def __init__(self, monitor, min_delta=0, patience=0, mode="auto", baseline=None):
        if not hasattr(monitor, "get"):
            raise error.ValueError(
                f"EarlyStoppingHandler: monitor is of type {type(monitor).__name__}; expected one "
                "of the estimator's metrics"
            )
        self.monitor = monitor
        self.patience = patience
        self.baseline = baseline
        self.stopped_epoch = 0
        self.stop_training = False
        self.monitor_op = is_better(mode, monitor)
        self.min_delta = min_delta if self.monitor_op is np.greater else -min_delta
        self._begin()

    def _begin(self):
        self.wait = self.current_epoch = 0
        worst = -np.inf if self.monitor_op is np.greater else np.inf
        self.best = worst if self.baseline is None else self.baseline

    def train_begin(self, estimator, *args, **kwargs):
        self.stopped_epoch, self.stop_training = 0, False
        self._begin()

    def epoch_end(self, estimator, *args, **kwargs):
        name, value = self.monitor.get()
        if math.isnan(value):
            warnings.warn(
                f"EarlyStoppingHandler: {name} is not a number; it has to be one of the metrics "
                "that are updated",
                stacklevel=2,
            )
        elif self.monitor_op(value - self.min_delta, self.best):
            self.best, self.wait = value, 0
        else:
            self.wait += 1
            if self.wait >= self.patience:
                self.stopped_epoch, self.stop_training = self.current_epoch, True
        self.current_epoch += 1
        return self.stop_training

    def train_end(self, estimator, *args, **kwargs):
        if self.stop_training:
            estimator.logger.info(
                "[Epoch %d] EarlyStoppingHandler: stopped, because %s did not improve",
                self.stopped_epoch,
                self.monitor.get()[0],
            )


class GradientUpdateHandler(BatchEnd):
    """Updates the parameters after each batch.

    Args:
        priority (int): Its place among handlers.
    """

    def __init__(self, priority=-2000):
        self.priority = priority

    def batch_end(self, estimator, *args, **kwargs):
        losses = kwargs["loss"] if isinstance(kwargs["loss"], list) else [kwargs["loss"]]
        estimator.trainer.step(sum(loss.shape[0] for loss in losses))
