"""Metrics of predicted probabilities."""

import math

import numpy as np

from .. import error
from .base import EvalMetric, alias, pairs, register

__all__ = ["CrossEntropy", "NegativeLogLikelihood", "Perplexity"]


def _probabilities_of(label, pred, owner):
    """Probability of each label; `pred` has the shape (rows, classes)."""
    label = label.ravel().astype(np.int64)
    if pred.ndim != 2 or label.size != len(pred):
        raise error.AssertedValueError(
            f"{owner}: predictions of shape {pred.shape} and {label.size} labels "
            "do not fit; (rows, classes) and as many labels as rows are expected"
        )
    if label.size and not 0 <= label.min() <= label.max() < pred.shape[1]:
        raise error.IndexError(
            f"{owner}: labels go from {label.min()} to {label.max()}; 0 to "
            f"{pred.shape[1] - 1} is expected for {pred.shape[1]} classes"
        )
    return pred[np.arange(label.size), label]


@alias("ce")
@register
class CrossEntropy(EvalMetric):
    """Mean of the negative logarithm of the probability of the label.

    Args:
        eps (float): Added to the probability.
        name, output_names, label_names: See `EvalMetric`.
    """

    def __init__(self, eps=1e-12, name="cross-entropy", output_names=None, label_names=None):
        super().__init__(name, output_names, label_names, eps=eps, has_global_stats=True)
        self.eps = eps

    def update(self, labels, preds):
        owner = type(self).__name__
        for label, pred in pairs(labels, preds, owner):
            with np.errstate(divide="ignore"):
                loss = -np.log(_probabilities_of(label, pred, owner) + self.eps)
            self._count(float(loss.sum()), label.size)


@alias("nll_loss")
@register
class NegativeLogLikelihood(CrossEntropy):
    """Mean of the negative logarithm of the probability of the label.

    Args:
        eps (float): Added to the probability.
        name, output_names, label_names: See `EvalMetric`.
    """

    def __init__(self, eps=1e-12, name="nll-loss", output_names=None, label_names=None):
        super().__init__(eps, name, output_names, label_names)


@register
class Perplexity(EvalMetric):
    """Exponential of the mean negative logarithm of the probability of the label.

    Args:
        ignore_label (int): Rows with this label do not count; None counts all.
        axis (int): The axis of the classes.
        name, output_names, label_names: See `EvalMetric`.
    """

    def __init__(
        self, ignore_label, axis=-1, name="perplexity", output_names=None, label_names=None
    ):
        super().__init__(
            name, output_names, label_names, ignore_label=ignore_label, has_global_stats=True
        )
        self.ignore_label = ignore_label
        self.axis = axis

    def update(self, labels, preds):
        for label, pred in pairs(labels, preds, "Perplexity"):
            classes_last = np.moveaxis(pred, self.axis, -1)
            rows = classes_last.reshape(-1, classes_last.shape[-1])
            label = label.ravel().astype(np.int64)
            if label.size != len(rows):
                raise error.AssertedValueError(
                    f"Perplexity: predictions of shape {pred.shape} and "
                    f"{label.size} labels do not fit; {len(rows)} labels are "
                    "expected"
                )
            # A label outside the classes takes the probability of the nearest class.
            picked = rows[np.arange(label.size), np.clip(label, 0, rows.shape[1] - 1)]
            number = label.size
            if self.ignore_label is not None:
                ignored = label == self.ignore_label
                picked = np.where(ignored, 1, picked)
                number -= int(np.count_nonzero(ignored))
            self._count(float(-np.log(np.maximum(1e-10, picked)).sum()), number)

    def _value(self, total, number):
        return math.exp(total / number)
