"""Metrics that are computed batch by batch."""

from .. import ndarray
from .base import CompositeEvalMetric, EvalMetric, alias, check_label_shapes, create, register
from .binary import BinaryCounts as _BinaryClassificationMetrics
from .classification import F1, MCC, PCC, Accuracy, TopKAccuracy
from .custom import CustomMetric
from .custom import from_numpy_function as np
from .likelihood import CrossEntropy, NegativeLogLikelihood, Perplexity
from .regression import MAE, MSE, RMSE, Caffe, Loss, PearsonCorrelation, Torch

__all__ = [
    "Accuracy",
    "Caffe",
    "CompositeEvalMetric",
    "CrossEntropy",
    "CustomMetric",
    "EvalMetric",
    "F1",
    "Loss",
    "MAE",
    "MCC",
    "MSE",
    "NegativeLogLikelihood",
    "PCC",
    "PearsonCorrelation",
    "Perplexity",
    "RMSE",
    "TopKAccuracy",
    "Torch",
    "alias",
    "check_label_shapes",
    "create",
    "np",
    "register",
]
