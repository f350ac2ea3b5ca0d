"""The estimator: metrics, handlers and their order, checkpoints, early ends."""

import io
import logging
import os
import re

import numpy as np
import pytest

import mxnet as mx
from mxnet import gluon
from mxnet.gluon.contrib.estimator import (
    BatchBegin,
    BatchEnd,
    CheckpointHandler,
    EarlyStoppingHandler,
    EpochBegin,
    EpochEnd,
    Estimator,
    LoggingHandler,
    TrainBegin,
    TrainEnd,
)


def loader(batch_size):
    rng = np.random.RandomState(0)
    x, y = mx.nd.array(rng.rand(20, 4)), mx.nd.array(rng.randint(0, 2, 20))
    return gluon.data.DataLoader(gluon.data.ArrayDataset(x, y), batch_size)


TRAIN, VALIDATION = loader(8), loader(10)


def made(**kwargs):
    mx.random.seed(1)
    net = gluon.nn.Dense(2)
    net.initialize(mx.init.Xavier())
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
    with mx.name.NameManager():
        loss = gluon.loss.SoftmaxCrossEntropyLoss()
    estimator = Estimator(net, loss, trainer=trainer, context=mx.cpu(), **kwargs)
    estimator.logger.handlers = []
    estimator.log = io.StringIO()
    estimator.logger.addHandler(logging.StreamHandler(estimator.log))
    return estimator


def lines(estimator):
    """What was logged, without times."""
    return re.sub(r"\d+\.\d+s", "Ts", estimator.log.getvalue()).splitlines()


def test_it_trains_validates_and_logs_as_1_9_1():
    estimator = made()
    estimator.fit(TRAIN, VALIDATION, epochs=2)
    assert lines(estimator) == [
        "Training begin: using optimizer SGD with current learning rate 0.1000 ",
        "Train for 2 epochs.",
        "[Epoch 0] Begin, current learning rate: 0.1000",
        "Validation Begin",
        "[Epoch 0] Finished in Ts, validation accuracy: 0.4500, "
        "validation softmaxcrossentropyloss: 0.8507",
        "[Epoch 0] Finished in Ts, training accuracy: 0.4500, "
        "training softmaxcrossentropyloss: 0.9618",
        "[Epoch 1] Begin, current learning rate: 0.1000",
        "Validation Begin",
        "[Epoch 0] Finished in Ts, validation accuracy: 0.5000, "
        "validation softmaxcrossentropyloss: 0.7582",
        "[Epoch 1] Finished in Ts, training accuracy: 0.4500, "
        "training softmaxcrossentropyloss: 0.8274",
        "Train finished using total 0s with 2 epochs. training accuracy: 0.4500, "
        "training softmaxcrossentropyloss: 0.8274",
    ]


class Order(TrainBegin, TrainEnd, EpochBegin, EpochEnd, BatchBegin, BatchEnd):
    def __init__(self):
        self.seen = []

    def train_begin(self, estimator, *args, **kwargs):
        self.seen.append("train {")

    def train_end(self, estimator, *args, **kwargs):
        self.seen.append("} train")

    def epoch_begin(self, estimator, *args, **kwargs):
        self.seen.append("epoch {")

    def epoch_end(self, estimator, *args, **kwargs):
        self.seen.append("} epoch")

    def batch_begin(self, estimator, *args, **kwargs):
        self.seen.append("batch {")

    def batch_end(self, estimator, *args, **kwargs):
        assert sorted(kwargs) == ["batch", "label", "loss", "pred"]
        self.seen.append("} batch")
        return len(self.seen) > 4  # ends the epoch


def test_handlers_are_told_in_order():
    order = Order()
    made().fit(TRAIN, epochs=2, event_handlers=[order])
    batch = ["batch {", "} batch"]
    assert order.seen == [
        *("train {", "epoch {", *batch, *batch, "} epoch"),
        *("epoch {", *batch, "} epoch", "} train"),
    ]


def test_batches_and_intervals():
    estimator = made(train_metrics=mx.metric.Accuracy())
    estimator.fit(TRAIN, batches=4, event_handlers=[LoggingHandler(log_interval=1)])
    found = lines(estimator)
    assert found[1] == "Train for 4 batches."
    assert "[Epoch 0][Batch 2][Samples 20] time/interval: Ts" in found
    assert sum("[Batch" in line for line in found) == 4


def test_checkpoints_are_kept_and_gone_on_from(tmp_path):
    estimator = made()
    monitor = estimator.val_metrics[0]
    handlers = [
        CheckpointHandler(str(tmp_path), "m", monitor, save_best=True, max_checkpoints=2),
        EarlyStoppingHandler(monitor),
    ]
    estimator.fit(TRAIN, VALIDATION, epochs=5, event_handlers=handlers)
    stems = ["best", "epoch1batch6", "epoch2batch9"]  # the third epoch was not better
    expected = [f"m-{stem}.{end}" for stem in stems for end in ("params", "states")]
    assert sorted(os.listdir(tmp_path)) == [*expected, "m-symbol.json"]
    assert any("stopped, because validation accuracy" in line for line in lines(estimator))
    again = made()
    again.fit(
        TRAIN,
        epochs=5,
        event_handlers=[CheckpointHandler(str(tmp_path), "m", resume_from_checkpoint=True)],
    )
    assert "goes on from epoch 2, batch 9" in lines(again)[0]
    assert "Train for 2 epochs." in lines(again)
    assert (tmp_path / "m-epoch4batch15.params").exists()
    with pytest.raises(ValueError, match="5 epochs were trained already"):
        made().fit(
            TRAIN,
            epochs=5,
            event_handlers=[CheckpointHandler(str(tmp_path), "m", resume_from_checkpoint=True)],
        )


def test_networks_without_values_are_initialized():
    net = gluon.nn.Dense(1)
    with pytest.warns(UserWarning, match="default SGD"):
        estimator = Estimator(net, gluon.loss.L2Loss(), initializer=mx.init.One())
    estimator.fit(TRAIN, epochs=1)
    assert net.weight.data().shape == (1, 4)
    assert [each.get()[0] for each in estimator.train_metrics] == ["training l2loss"]
    with pytest.warns(UserWarning, match="initializer is not used"):
        Estimator(net, gluon.loss.L2Loss(), initializer=mx.init.One())


@pytest.mark.parametrize(
    "arguments, what",
    [
        ({"loss": 3}, "loss=3"),
        ({"trainer": 3}, "trainer=3"),
        ({"train_metrics": 3}, "metric 3"),
        ({"context": 3}, "context=3"),
        ({"batch_processor": 3}, "batch_processor=3 has no fit_batch"),
    ],
)
def test_wrong_arguments(arguments, what):
    net = gluon.nn.Dense(1)
    net.initialize()
    with pytest.raises(ValueError, match=what):
        Estimator(**{"net": net, "loss": gluon.loss.L2Loss(), **arguments})


def test_wrong_loops():
    estimator = made()
    for arguments in ({}, {"epochs": 1, "batches": 1}):
        with pytest.raises(ValueError, match="expected one of both"):
            estimator.fit(TRAIN, **arguments)
    with pytest.raises(ValueError, match="train_data is of type list"):
        estimator.fit([1], epochs=1)


def test_devices_that_are_not_there():
    with pytest.raises(AssertionError, match=r"context=gpu\(100\) is not there"):
        Estimator(gluon.nn.Dense(2), gluon.loss.L2Loss(), context=[mx.cpu(), mx.gpu(100)])
