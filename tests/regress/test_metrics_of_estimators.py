"""An estimator that was given metrics measured the loss as well, and took a composite for one.

Lists of results by position, and logs, then had more entries than in MXNet 1.9.1.
"""

import pytest

import mxnet as mx
from mxnet import gluon
from mxnet.gluon.contrib.estimator import Estimator

SOFTMAX, L2 = gluon.loss.SoftmaxCrossEntropyLoss, gluon.loss.L2Loss
OF_SOFTMAX = ["accuracy", "softmaxcrossentropyloss"]
ACCURACY, LOSS, MSE = mx.metric.Accuracy, mx.metric.Loss, mx.metric.MSE


@pytest.mark.parametrize(
    ("loss", "train", "val", "names", "val_names"),
    [
        (SOFTMAX, None, None, OF_SOFTMAX, OF_SOFTMAX),
        (L2, None, None, ["l2loss"], ["l2loss"]),
        (SOFTMAX, ACCURACY, None, ["accuracy"], ["accuracy"]),
        (L2, lambda: [ACCURACY(), LOSS()], None, ["accuracy", "loss"], ["accuracy", "loss"]),
        (SOFTMAX, None, MSE, OF_SOFTMAX, ["mse"]),
        (L2, lambda: mx.metric.CompositeEvalMetric([MSE()]), None, ["mse"], ["mse"]),
    ],
)
def test_metrics_are_those_that_were_given(loss, train, val, names, val_names):
    """Only who names none gets some; those of validation are copies of the others."""
    net = gluon.nn.Dense(2)
    net.initialize()
    estimator = Estimator(
        net,
        loss(),
        train_metrics=train and train(),
        val_metrics=val and val(),
        trainer=gluon.Trainer(net.collect_params(), "sgd"),
    )
    assert [each.name for each in estimator.train_metrics] == [f"training {n}" for n in names]
    assert [each.name for each in estimator.val_metrics] == [f"validation {n}" for n in val_names]
    assert estimator.val_metrics[0] is not estimator.train_metrics[0]
