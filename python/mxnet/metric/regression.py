"""Metrics of predicted numbers, and of losses that the network outputs."""

import math

import numpy as np

from .. import error
from .base import EvalMetric, alias, as_list, as_numpy, pairs, register

__all__ = ["MAE", "MSE", "RMSE", "PearsonCorrelation", "Loss", "Torch", "Caffe"]


class _RegressionMetric(EvalMetric):
    """Mean over batches of an error between label and prediction."""

    def __init__(self, name, output_names, label_names):
        super().__init__(name, output_names, label_names, has_global_stats=True)

    def _error(self, difference):
        raise error.NotImplementedError("a subclass defines this")

    def update(self, labels, preds):
        owner = type(self).__name__
        for label, pred in pairs(labels, preds, owner):
            # A vector stands for a column, so that it never meets a column as a row.
            label, pred = (x.reshape(-1, 1) if x.ndim == 1 else x for x in (label, pred))
            try:
                difference = label - pred
            except ValueError as cause:
                raise error.ValueError(
                    f"{owner}: labels of shape {label.shape} and predictions of "
                    f"shape {pred.shape} do not fit; equal shapes are "
                    "expected"
                ) from cause
            self._count(float(self._error(difference)), 1)


@register
class MAE(_RegressionMetric):
    """Mean absolute error.

    Args:
        name, output_names, label_names: See `EvalMetric`.
    """

    def __init__(self, name="mae", output_names=None, label_names=None):
        super().__init__(name, output_names, label_names)

    def _error(self, difference):
        return np.abs(difference).mean()


@register
class MSE(_RegressionMetric):
    """Mean squared error.

    Args:
        name, output_names, label_names: See `EvalMetric`.
    """

    def __init__(self, name="mse", output_names=None, label_names=None):
        super().__init__(name, output_names, label_names)

    def _error(self, difference):
        return np.square(difference).mean()


@register
class RMSE(_RegressionMetric):
    """Mean over batches of the root of the mean squared error.

    Args:
        name, output_names, label_names: See `EvalMetric`.
    """

    def __init__(self, name="rmse", output_names=None, label_names=None):
        super().__init__(name, output_names, label_names)

    def _error(self, difference):
        return math.sqrt(np.square(difference).mean())


class _Moments:
    """Number, means, and summed products of deviations of pairs, merged batch by batch."""

    def __init__(self):
        self.number = 0
        self.means = np.zeros(2)
        self.products = np.zeros((2, 2))

    def add(self, label, pred):
        """Merge the pairs of a batch (Chan, Golub and LeVeque 1979)."""
        batch = np.stack([label, pred]).astype(np.float64)
        means = batch.mean(axis=1)
        centred = batch - means[:, None]
        number = batch.shape[1]
        gap = means - self.means
        total = self.number + number
        self.products += centred @ centred.T
        self.products += np.outer(gap, gap) * (self.number * number / total)
        self.means += gap * (number / total)
        self.number = total

    def correlation(self):
        """Pearson's correlation; NaN where a side is constant."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return float(self.products[0, 1] / np.sqrt(self.products[0, 0] * self.products[1, 1]))


@alias("pearsonr")
@register
class PearsonCorrelation(EvalMetric):
    """Pearson's correlation of labels and predictions.

    Args:
        average (str): ``macro`` for the mean over batches, ``micro`` for the correlation of all
            values.
        name, output_names, label_names: See `EvalMetric`.
    """

    def __init__(self, name="pearsonr", output_names=None, label_names=None, average="macro"):
        if average not in ("macro", "micro"):
            raise error.ValueError(
                f"PearsonCorrelation: average={average!r} is unknown; macro or micro is expected"
            )
        self.average = average
        super().__init__(name, output_names, label_names, has_global_stats=True)

    def reset_micro(self):
        """Forget the values of the correlation over all values."""
        self._local, self._global = _Moments(), _Moments()

    def reset(self):
        self.reset_micro()
        super().reset()

    def reset_local(self):
        self._local = _Moments()
        super().reset_local()

    def update(self, labels, preds):
        for label, pred in pairs(labels, preds, "PearsonCorrelation"):
            if label.shape != pred.shape:
                raise error.ValueError(
                    f"PearsonCorrelation: labels of shape {label.shape} and "
                    f"predictions of shape {pred.shape} do not fit; equal shapes "
                    "are expected"
                )
            moments = _Moments()
            for target in (moments, self._local, self._global):
                target.add(label.ravel(), pred.ravel())
            self._count(moments.correlation(), 1)

    def get(self):
        if self.average == "micro" and self.num_inst:
            return self.name, self._local.correlation()
        return super().get()

    def get_global(self):
        if self.average == "micro" and self.global_num_inst:
            return self.name, self._global.correlation()
        return super().get_global()


@register
class Loss(EvalMetric):
    """Mean of the values of all outputs; labels are not looked at.

    Args:
        name, output_names, label_names: See `EvalMetric`.
    """

    def __init__(self, name="loss", output_names=None, label_names=None):
        super().__init__(name, output_names, label_names, has_global_stats=True)

    def update(self, _, preds):
        for pred in map(as_numpy, as_list(preds)):
            self._count(float(pred.sum()), pred.size)


@register
class Torch(Loss):
    """Mean of the values of all outputs, under the name ``torch``."""

    def __init__(self, name="torch", output_names=None, label_names=None):
        super().__init__(name, output_names, label_names)


@register
class Caffe(Loss):
    """Mean of the values of all outputs, under the name ``caffe``."""

    def __init__(self, name="caffe", output_names=None, label_names=None):
        super().__init__(name, output_names, label_names)
