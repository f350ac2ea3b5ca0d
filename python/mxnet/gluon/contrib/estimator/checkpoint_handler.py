"""Saving the network while it is trained, and going on from there."""

import os
import re

import numpy as np

from .... import error
from .events import BatchEnd, EpochEnd, TrainBegin
from .loop_handlers import is_better

__all__ = ["CheckpointHandler"]


class CheckpointHandler(TrainBegin, BatchEnd, EpochEnd):
    """Saves parameters and states of the optimizer every few epochs or batches.

    Files are ``prefix-epochEbatchB.params`` and ``.states``, ``prefix-best.params`` and, for
    networks with a graph, ``prefix-symbol.json``.

    Args:
        model_dir (str): Their folder.
        model_prefix (str): What their names begin with.
        monitor (EvalMetric): Metric that tells which is best.
        verbose (int): Whether to log what is saved.
        save_best (bool): Whether the best is saved beside.
        mode (str): 'min', 'max' or 'auto', by the name of the metric.
        epoch_period (int): After how many epochs; None for never.
        batch_period (int): After how many batches; None for never.
        max_checkpoints (int): How many are kept.
        resume_from_checkpoint (bool): Whether training goes on from the newest one.

    Raises:
        ValueError: `save_best` has no metric.
    """

    def __init__(
        self,
        model_dir,
        model_prefix="model",
        monitor=None,
        verbose=0,
        save_best=False,
        mode="auto",
        epoch_period=1,
        batch_period=None,
        max_checkpoints=5,
        resume_from_checkpoint=False,
    ):
        if save_best and not hasattr(monitor, "get"):
            raise error.ValueError(
                "CheckpointHandler: save_best=True has no metric; expected monitor="
            )
        self.model_dir = model_dir
        self.model_prefix = model_prefix
        self.monitor = monitor
        self.verbose = verbose
        self.save_best = save_best
        self.epoch_period = epoch_period
        self.batch_period = batch_period
        self.max_checkpoints = max_checkpoints
        self.resume_from_checkpoint = resume_from_checkpoint
        self.saved_checkpoints = []
        self.current_epoch = self.current_batch = 0
        self.trained_epoch, self.trained_batch = -1, 0
        if save_best:
            self.monitor_op = is_better(mode, monitor)
            self.best = -np.inf if self.monitor_op is np.greater else np.inf

    def train_begin(self, estimator, *args, **kwargs):
        os.makedirs(self.model_dir, exist_ok=True)
        self.current_epoch = self.current_batch = 0
        if self.resume_from_checkpoint:
            self._resume(estimator)

    def batch_end(self, estimator, *args, **kwargs):
        if self.batch_period and (self.current_batch + 1) % self.batch_period == 0:
            self._save_checkpoint(estimator)
        self.current_batch += 1

    def epoch_end(self, estimator, *args, **kwargs):
        if self.epoch_period and (self.current_epoch + 1) % self.epoch_period == 0:
            self._save_checkpoint(estimator)
        self.current_epoch += 1

    def _log(self, estimator, text):
        if self.verbose > 0:
            estimator.logger.info("[Epoch %d] CheckpointHandler: %s", self.current_epoch, text)

    def _path(self, name):
        return os.path.join(self.model_dir, f"{self.model_prefix}-{name}")

    def _write(self, estimator, name):
        graphs = getattr(estimator.net, "_graphs", None)
        if graphs:
            next(reversed(graphs.values())).symbol.save(self._path("symbol.json"))
        estimator.net.save_parameters(self._path(name + ".params"))
        estimator.trainer.save_states(self._path(name + ".states"))

    def _save_checkpoint(self, estimator):
        epoch = self.trained_epoch + 1 + self.current_epoch
        batch = self.trained_batch + self.current_batch
        name = f"epoch{epoch}batch{batch}"
        self._write(estimator, name)
        self._log(estimator, f"saved {self._path(name)}")
        if name in self.saved_checkpoints:
            self.saved_checkpoints.remove(name)
        self.saved_checkpoints.append(name)
        while len(self.saved_checkpoints) > self.max_checkpoints:
            old = self.saved_checkpoints.pop(0)
            for ending in (".params", ".states"):
                if os.path.exists(self._path(old + ending)):
                    os.remove(self._path(old + ending))
        if self.save_best:
            self._save_best(estimator)

    def _save_best(self, estimator):
        name, value = self.monitor.get()
        if np.isnan(value):
            raise error.ValueError(
                f"CheckpointHandler: {name} is not a number; expected one of the metrics that are "
                "updated"
            )
        if self.monitor_op(value, self.best):
            self._log(estimator, f"{name} improved from {self.best:.5f} to {value:.5f}")
            self.best = value
            self._write(estimator, "best")

    def _resume(self, estimator):
        found = re.compile(re.escape(self.model_prefix) + r"-epoch(\d+)batch(\d+)\.params")
        matches = filter(None, map(found.fullmatch, os.listdir(self.model_dir)))
        numbers = sorted((int(match[1]), int(match[2])) for match in matches)
        if not numbers:
            estimator.logger.info("CheckpointHandler: there is nothing to go on from")
            return
        epoch, batch = numbers[-1]
        self.saved_checkpoints = [f"epoch{each[0]}batch{each[1]}" for each in numbers]
        self.trained_epoch, self.trained_batch = epoch, batch
        name = self.saved_checkpoints[-1]
        estimator.net.load_parameters(self._path(name + ".params"), ctx=estimator.context)
        estimator.trainer.load_states(self._path(name + ".states"))
        if estimator.max_epoch:
            estimator.max_epoch = self._left(estimator.max_epoch, epoch + 1, "epochs")
        if estimator.max_batch:
            estimator.max_batch = self._left(estimator.max_batch, batch, "batches")
        estimator.logger.info("CheckpointHandler: goes on from epoch %d, batch %d", epoch, batch)

    def _left(self, wanted, done, what):
        if done >= wanted:
            raise error.ValueError(
                f"CheckpointHandler: {done} {what} were trained already; expected more than that, "
                f"not {wanted}"
            )
        return wanted - done
