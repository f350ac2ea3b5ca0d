"""The training loop."""

import copy
import logging
import sys
import warnings

import numpy as np

from .... import error, metric
from ....context import Context, cpu, gpu, num_gpus
from ....initializer import Uniform
from ...data import DataLoader
from ...loss import Loss, SoftmaxCrossEntropyLoss
from ...trainer import Trainer
from .batch_processor import BatchProcessor
from .event_handler import (
    BatchBegin,
    BatchEnd,
    EpochBegin,
    EpochEnd,
    EventHandler,
    GradientUpdateHandler,
    LoggingHandler,
    MetricHandler,
    StoppingHandler,
    TrainBegin,
    TrainEnd,
    ValidationHandler,
)

__all__ = ["Estimator"]

_EVENTS = {
    "train_begin": TrainBegin,
    "train_end": TrainEnd,
    "epoch_begin": EpochBegin,
    "epoch_end": EpochEnd,
    "batch_begin": BatchBegin,
    "batch_end": BatchEnd,
}


def _as_metrics(metrics):
    """A list of metrics from one, several or None."""
    metrics = [] if metrics is None else metrics
    if isinstance(metrics, metric.CompositeEvalMetric):
        metrics = metrics.metrics
    metrics = list(metrics) if isinstance(metrics, (list, tuple)) else [metrics]
    for each in metrics:
        if not isinstance(each, metric.EvalMetric):
            raise error.ValueError(
                f"Estimator: metric {each!r} is of type {type(each).__name__}; expected EvalMetrics"
            )
    return metrics


def _metrics_for(loss):
    """The metrics of who names none: the loss, behind the accuracy where classes are told apart."""
    accuracy = [metric.Accuracy()] if isinstance(loss, SoftmaxCrossEntropyLoss) else []
    return [*accuracy, metric.Loss(loss.name.rstrip("0123456789"))]


def _check_limits(epochs, batches, train_data):
    """Refuses limits that no training reaches."""
    if (epochs is None) == (batches is None):
        raise error.ValueError(
            f"Estimator.fit: epochs={epochs}, batches={batches} were given; expected one of both"
        )
    name, limit = ("epochs", epochs) if batches is None else ("batches", batches)
    if not isinstance(limit, (int, np.integer)) or limit < 1:
        raise error.ValueError(f"Estimator.fit: {name}={limit!r} is no count; expected 1 or more")
    if batches is not None and len(train_data) == 0:
        raise error.ValueError(
            f"Estimator.fit: train_data has no batches; expected some for batches={batches}"
        )


def _as_handlers(handlers):
    """A list of handlers from one, several or None."""
    handlers = [] if handlers is None else handlers
    handlers = [handlers] if isinstance(handlers, EventHandler) else list(handlers)
    for each in handlers:
        if not isinstance(each, EventHandler):
            raise error.ValueError(
                f"Estimator: event handler {each!r} is of type {type(each).__name__}; expected "
                "subclasses of the events, such as EpochEnd"
            )
    return handlers


class _Listeners:
    """Handlers by the events that they want to be told of."""

    def __init__(self, estimator, handlers):
        self._estimator = estimator
        handlers = sorted(handlers, key=lambda each: getattr(each, "priority", 0))
        self._by_event = {
            event: [each for each in handlers if isinstance(each, kind)]
            for event, kind in _EVENTS.items()
        }

    def tell(self, event, **what):
        """Tell all; whether one of them returned True."""
        answers = [
            getattr(handler, event)(self._estimator, **what) for handler in self._by_event[event]
        ]
        return any(answers)


class Estimator:
    """Trains a network with a loss.

    Args:
        net (Block): The network.
        loss (Loss): The loss.
        train_metrics (EvalMetric or list): Metrics of training; None for the loss itself and, for
            SoftmaxCrossEntropyLoss, the accuracy.
        val_metrics (EvalMetric or list): Metrics of validation; None for the same.
        initializer (Initializer): For a network without values.
        trainer (Trainer): What updates; None for SGD with a learning rate of 0.001.
        context (Context or list of Context): Where; None for all GPUs, or the CPU.
        val_net (Block): Network for validation; None for the same.
        val_loss (Loss): Loss for validation; None for the same.
        batch_processor (BatchProcessor): What is done with each batch.

    Example:
        >>> estimator = Estimator(net, gluon.loss.SoftmaxCrossEntropyLoss(), trainer=trainer)
        >>> estimator.fit(train_data, val_data, epochs=3)
    """

    def __init__(
        self,
        net,
        loss,
        train_metrics=None,
        val_metrics=None,
        initializer=None,
        trainer=None,
        context=None,
        val_net=None,
        val_loss=None,
        batch_processor=None,
    ):
        for name, each in (("loss", loss), ("val_loss", val_loss)):
            if each is not None and not isinstance(each, Loss):
                raise error.ValueError(
                    f"Estimator: {name}={each!r} is of type {type(each).__name__}; expected a Loss"
                )
        for method in ("fit_batch", "evaluate_batch"):
            if batch_processor is not None and not hasattr(batch_processor, method):
                raise error.ValueError(
                    f"Estimator: batch_processor={batch_processor!r} has no {method}(); expected a "
                    "BatchProcessor"
                )
        self.net = net
        self.loss = loss
        self.val_net = val_net or net
        self.val_loss = val_loss or loss
        self.max_epoch = self.max_batch = None
        self.batch_axis = 0
        self.batch_processor = batch_processor or BatchProcessor()
        self.logger = logging.Logger(name="Estimator", level=logging.INFO)
        self.logger.addHandler(logging.StreamHandler(sys.stdout))
        self.context = self._check_context(context)
        self._make_metrics(train_metrics, val_metrics)
        self._initialize(initializer)
        self.trainer = self._check_trainer(trainer)

    @staticmethod
    def _check_context(context):
        if context is None:
            return [gpu(number) for number in range(num_gpus())] or [cpu()]
        contexts = [context] if isinstance(context, Context) else context
        if not isinstance(contexts, list) or not all(isinstance(c, Context) for c in contexts):
            raise error.ValueError(
                f"Estimator: context={context!r} is no device; expected a Context or a list of them"
            )
        for each in contexts:
            if each.device_type == "gpu" and each.device_id >= num_gpus():
                raise error.AssertionError(
                    f"Estimator: context={each} is not there; expected the CPU or one of "
                    f"{num_gpus()} GPUs"
                )
        return contexts

    def _make_metrics(self, train_metrics, val_metrics):
        self._train_metrics = _as_metrics(train_metrics) or _metrics_for(self.loss)
        self._val_metrics = _as_metrics(val_metrics) or copy.deepcopy(self._train_metrics)
        for metrics, what in (
            (self._train_metrics, "training "),
            (self._val_metrics, "validation "),
        ):
            for each in metrics:
                each.name = what + each.name

    def _initialize(self, initializer):
        parameters = self.net.collect_params().values()
        ready = all(each._data is not None or each._deferred_init for each in parameters)
        if not ready:
            self.net.initialize(initializer or Uniform(), ctx=self.context)
        elif initializer is not None:
            warnings.warn(
                "Estimator: the network has values, so that initializer is not used; "
                "net.initialize(..., force_reinit=True) replaces them",
                stacklevel=3,
            )

    def _check_trainer(self, trainer):
        if trainer is None:
            warnings.warn(
                "No trainer specified, default SGD optimizer with learning rate 0.001 is used.",
                stacklevel=3,
            )
            return Trainer(self.net.collect_params(), "sgd", {"learning_rate": 0.001})
        if not isinstance(trainer, Trainer):
            raise error.ValueError(
                f"Estimator: trainer={trainer!r} is of type {type(trainer).__name__}; expected a "
                "Trainer"
            )
        return trainer

    @property
    def train_metrics(self):
        """Metrics of training (list of EvalMetric)."""
        return self._train_metrics

    @property
    def val_metrics(self):
        """Metrics of validation (list of EvalMetric)."""
        return self._val_metrics

    @staticmethod
    def _check_loader(name, data):
        if not isinstance(data, DataLoader):
            raise error.ValueError(
                f"Estimator: {name} is of type {type(data).__name__}; expected a DataLoader"
            )

    def evaluate(self, val_data, batch_axis=0, event_handlers=None):
        """Compute the metrics of validation.

        Args:
            val_data (DataLoader): The data.
            batch_axis (int): The axis of the examples.
            event_handlers (EventHandler or list): Handlers beside the usual ones.
        """
        self._check_loader("val_data", val_data)
        handlers = self._with_usual(
            event_handlers,
            [
                MetricHandler(self.val_metrics),
                LoggingHandler(metrics=self.val_metrics),
            ],
        )
        listeners = _Listeners(self, handlers)
        listeners.tell("epoch_begin")
        for batch in val_data:
            listeners.tell("batch_begin", batch=batch)
            _, label, pred, loss = self.batch_processor.evaluate_batch(self, batch, batch_axis)
            listeners.tell("batch_end", batch=batch, pred=pred, label=label, loss=loss)
        listeners.tell("epoch_end")

    def fit(
        self,
        train_data,
        val_data=None,
        epochs=None,
        event_handlers=None,
        batches=None,
        batch_axis=0,
    ):
        """Train.

        Args:
            train_data (DataLoader): The data.
            val_data (DataLoader): What to evaluate after each epoch.
            epochs (int): How many epochs; either this or `batches`.
            event_handlers (EventHandler or list): Handlers beside the usual ones, or in the place
                of those of the same kind.
            batches (int): How many batches.
            batch_axis (int): The axis of the examples.
        """
        self._check_loader("train_data", train_data)
        _check_limits(epochs, batches, train_data)
        self.max_epoch, self.max_batch, self.batch_axis = epochs, batches, batch_axis
        usual = [
            StoppingHandler(epochs, batches),
            GradientUpdateHandler(),
            MetricHandler(self.train_metrics),
            LoggingHandler(metrics=self.train_metrics),
        ]
        if val_data is not None:
            usual.append(ValidationHandler(val_data, self.evaluate))
        listeners = _Listeners(self, self._with_usual(event_handlers, usual))
        listeners.tell("train_begin")
        while not self._fit_epoch(listeners, train_data, batch_axis):
            pass
        listeners.tell("train_end")

    def _fit_epoch(self, listeners, train_data, batch_axis):
        """One epoch; whether it is the last."""
        listeners.tell("epoch_begin")
        for batch in train_data:
            listeners.tell("batch_begin", batch=batch)
            _, label, pred, loss = self.batch_processor.fit_batch(self, batch, batch_axis)
            if listeners.tell("batch_end", batch=batch, pred=pred, label=label, loss=loss):
                break
        return listeners.tell("epoch_end")

    @staticmethod
    def _with_usual(handlers, usual):
        """Handlers with those usual ones of whose kind there is none."""
        handlers = _as_handlers(handlers)
        kinds = {type(each) for each in handlers}
        return handlers + [
            each for each in usual if not any(issubclass(kind, type(each)) for kind in kinds)
        ]
