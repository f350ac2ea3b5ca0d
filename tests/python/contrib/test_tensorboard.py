"""Metrics for TensorBoard, through whichever package is there."""

import sys
import types
from collections import namedtuple

import pytest

import mxnet as mx

Param = namedtuple("Param", ["eval_metric"])
PACKAGES = {
    "mxboard": "SummaryWriter",
    "tensorboardX": "SummaryWriter",
    "tensorboard.summary": "Writer",
}


@pytest.mark.parametrize("present", PACKAGES)
def test_metrics_are_written(present, monkeypatch):
    written = []

    class Writer:
        def __init__(self, folder):
            self.folder = folder

        def add_scalar(self, *args):
            written.append((self.folder, *args))

    for name in PACKAGES:
        monkeypatch.setitem(sys.modules, name, None)  # cannot be imported
    monkeypatch.setitem(sys.modules, "tensorboard", types.ModuleType("tensorboard"))
    module = types.ModuleType(present)
    setattr(module, PACKAGES[present], Writer)
    monkeypatch.setitem(sys.modules, present, module)
    callback = mx.contrib.tensorboard.LogMetricsCallback("logs", prefix="train")
    metric = mx.metric.Loss()
    metric.update(None, [mx.nd.array([2.0])])
    callback(Param(metric))
    callback(Param(None))
    callback(Param(metric))
    assert written == [("logs", "train-loss", 2.0, 1), ("logs", "train-loss", 2.0, 3)]


def test_without_a_package_it_says_so(monkeypatch, caplog):
    for name in PACKAGES:
        monkeypatch.setitem(sys.modules, name, None)
    callback = mx.contrib.tensorboard.LogMetricsCallback("logs")
    assert callback.summary_writer is None
    callback(Param(mx.metric.Loss()))
