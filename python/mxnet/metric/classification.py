"""Metrics of class predictions."""

import numpy as np

from .. import error
from .base import EvalMetric, alias, pairs, register
from .binary import BinaryCounts

__all__ = ["Accuracy", "TopKAccuracy", "F1", "MCC", "PCC"]


@alias("acc")
@register
class Accuracy(EvalMetric):
    """Share of predictions that are right.

    Predictions are class numbers, shaped like the labels, or scores with the classes along `axis`.

    Args:
        axis (int): The axis of the classes.
        name, output_names, label_names: See `EvalMetric`.
    """

    def __init__(self, axis=1, name="accuracy", output_names=None, label_names=None):
        super().__init__(name, output_names, label_names, axis=axis, has_global_stats=True)
        self.axis = axis

    def update(self, labels, preds):
        for label, pred in pairs(labels, preds, "Accuracy"):
            if pred.shape != label.shape and -pred.ndim <= self.axis < pred.ndim:
                pred = pred.argmax(axis=self.axis)
            label, pred = (x.astype(np.int32).ravel() for x in (label, pred))
            if label.size != pred.size:
                raise error.ValueError(
                    f"Accuracy: there are {label.size} labels and {pred.size} "
                    "predictions; one label for each prediction is expected"
                )
            self._count(float(np.count_nonzero(pred == label)), label.size)


@alias("top_k_accuracy", "top_k_acc")
@register
class TopKAccuracy(EvalMetric):
    """Share of labels that are among the `top_k` classes with the highest scores.

    Predictions have the shape (rows, classes).

    Args:
        top_k (int): At least 2.
        name, output_names, label_names: See `EvalMetric`.
    """

    def __init__(self, top_k=1, name="top_k_accuracy", output_names=None, label_names=None):
        super().__init__(name, output_names, label_names, top_k=top_k, has_global_stats=True)
        if top_k <= 1:
            raise error.AssertedValueError(
                f"TopKAccuracy: top_k={top_k} is too small; at least 2 is "
                "expected (Accuracy is the metric for 1)"
            )
        self.top_k = top_k
        self.name += f"_{top_k}"

    def update(self, labels, preds):
        for label, pred in pairs(labels, preds, "TopKAccuracy"):
            if pred.ndim != 2 or label.size != len(pred):
                raise error.AssertedValueError(
                    f"TopKAccuracy: predictions of shape {pred.shape} and labels of "
                    f"shape {label.shape} do not fit; (rows, classes) and (rows,) "
                    "are expected"
                )
            hits = _ranks(pred.astype(np.float32), label.ravel()) < self.top_k
            self._count(float(np.count_nonzero(hits)), len(pred))


def _ranks(pred, label):
    """How many classes come before the label's; of equal scores the lower class comes first."""
    rows, classes = pred.shape
    label = label.astype(np.int64)
    known = (label >= 0) & (label < classes)
    score = pred[np.arange(rows), np.where(known, label, 0)][:, None]
    before = (pred > score) | (pred == score) & (np.arange(classes) < label[:, None])
    ranks = np.count_nonzero(before, axis=1)
    return np.where(known & ~np.isnan(score[:, 0]), ranks, classes)


class _BinaryMetric(EvalMetric):
    """A score of the two-class counts: the mean over updates or the score over all rows."""

    def __init__(self, name, output_names, label_names, average):
        if average not in ("macro", "micro"):
            raise error.ValueError(
                f"{type(self).__name__}: average={average!r} is unknown; macro or micro is expected"
            )
        self.average = average
        self.metrics = BinaryCounts(type(self).__name__)
        super().__init__(name, output_names, label_names, has_global_stats=True)

    def _scores(self):
        """The scores of what was counted since `reset_local` and since `reset`."""
        raise error.NotImplementedError("a subclass defines this")

    def update(self, labels, preds):
        counts = self.metrics
        for label, pred in pairs(labels, preds, type(self).__name__):
            counts.update_binary_stats(label, pred)
        score, global_score = self._scores()
        if self.average == "macro":
            self._count(score, 1)
            counts.reset_stats()
        else:
            self.num_inst = counts.total_examples
            self.sum_metric = score * self.num_inst
            self.global_num_inst = counts.global_total_examples
            self.global_sum_metric = global_score * self.global_num_inst

    def reset(self):
        self.metrics.reset_stats()
        super().reset()

    def reset_local(self):
        self.metrics.local_reset_stats()
        super().reset_local()


@register
class F1(_BinaryMetric):
    """F1 score of class 1 of two: the harmonic mean of precision and recall.

    Args:
        average (str): ``macro`` for the mean over updates, ``micro`` for the score over all rows.
        name, output_names, label_names: See `EvalMetric`.
    """

    def __init__(self, name="f1", output_names=None, label_names=None, average="macro"):
        super().__init__(name, output_names, label_names, average)

    def _scores(self):
        return self.metrics.fscore, self.metrics.global_fscore


@register
class MCC(_BinaryMetric):
    """Matthews' correlation coefficient of labels and predictions of two classes.

    Args:
        average (str): ``macro`` for the mean over updates, ``micro`` for the score over all rows.
        name, output_names, label_names: See `EvalMetric`.
    """

    def __init__(self, name="mcc", output_names=None, label_names=None, average="macro"):
        super().__init__(name, output_names, label_names, average)

    def _scores(self):
        return self.metrics.matthewscc(), self.metrics.matthewscc(use_global=True)


def _grown(table, size):
    return np.pad(table, ((0, size - len(table)),) * 2) if size > len(table) else table


def _confusion_correlation(table):
    """Correlation coefficient of a confusion table of any number of classes (Gorodkin 2004)."""
    total = table.sum()
    truth, guess = table.sum(axis=1), table.sum(axis=0)
    shared = np.trace(table) * total - truth @ guess
    with np.errstate(invalid="ignore", divide="ignore"):
        return shared / np.sqrt((total**2 - truth @ truth) * (total**2 - guess @ guess))


@register
class PCC(EvalMetric):
    """Correlation of labels and predicted classes: Matthews' coefficient for any class count.

    Args:
        has_global_stats (bool): Whether to count for `get_global` too.
        name, output_names, label_names: See `EvalMetric`.
    """

    def __init__(self, name="pcc", output_names=None, label_names=None, has_global_stats=True):
        super().__init__(name, output_names, label_names, has_global_stats=has_global_stats)

    def update(self, labels, preds):
        for label, pred in pairs(labels, preds, "PCC"):
            label = label.astype(np.int32).ravel()
            pred = pred.argmax(axis=1).ravel() if pred.ndim > 1 else pred.astype(np.int32)
            if label.size != pred.size:
                raise error.ValueError(
                    f"PCC: there are {label.size} labels and {pred.size} "
                    "predictions; one label for each prediction is expected"
                )
            size = int(max(label.max(initial=0), pred.max(initial=0))) + 1
            table = np.zeros((size, size))
            np.add.at(table, (label, pred), 1)
            self._local, self._global = (
                _grown(old, size) + _grown(table, len(old)) for old in (self._local, self._global)
            )
        self.num_inst += 1
        self.global_num_inst += 1

    @property
    def sum_metric(self):
        """The correlation times the number of updates."""
        return _confusion_correlation(self._local) * self.num_inst

    @sum_metric.setter
    def sum_metric(self, _):
        self._local = np.zeros((1, 1))

    @property
    def global_sum_metric(self):
        """The correlation since `reset` times the number of updates."""
        return _confusion_correlation(self._global) * self.global_num_inst

    @global_sum_metric.setter
    def global_sum_metric(self, _):
        self._global = np.zeros((1, 1))
