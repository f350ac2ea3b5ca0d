"""Callbacks: the lines they log and the files they write."""

import io
import logging
import time

import pytest

import mxnet as mx

Param = mx.model.BatchEndParam


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "time", lambda: now[0])

    def advance(seconds):
        now[0] += seconds

    return advance


def metric():
    made = mx.metric.create(["acc", "ce"])
    made.update([mx.nd.array([0, 1])], [mx.nd.array([[0.6, 0.4], [0.7, 0.3]])])
    return made


def run(callback, clock, eval_metric, batches=5):
    for number in range(batches):
        clock(0.5)
        callback(Param(1, number, eval_metric, None))


def test_speedometer(caplog, clock):
    caplog.set_level(logging.INFO)
    run(mx.callback.Speedometer(32, 2), clock, metric())
    assert caplog.messages == [
        "Epoch[1] Batch [0-2]\tSpeed: 64.00 samples/sec\taccuracy=0.500000\tcross-entropy=0.857399",
        "Epoch[1] Batch [2-4]\tSpeed: 64.00 samples/sec\taccuracy=nan\tcross-entropy=nan",
    ]


def test_speedometer_that_keeps_the_metric(caplog, clock):
    caplog.set_level(logging.INFO)
    run(mx.callback.Speedometer(32, 4, auto_reset=False), clock, metric())
    run(mx.callback.Speedometer(32, 4), clock, None)
    assert caplog.messages == [
        "Epoch[1] Batch [0-4]\tSpeed: 64.00 samples/sec\taccuracy=0.500000\tcross-entropy=0.857399",
        "Iter[1] Batch [4]\tSpeed: 64.00 samples/sec",
    ]


def test_progress_bar(caplog, clock):
    caplog.set_level(logging.INFO)
    run(mx.callback.ProgressBar(5, 20), clock, None, 3)
    assert [line.strip() for line in caplog.messages] == [
        "[--------------------] 0%",
        "[====----------------] 20%",
        "[========------------] 40%",
    ]


def test_log_train_metric(caplog, clock):
    caplog.set_level(logging.INFO)
    run(mx.callback.log_train_metric(2, auto_reset=True), clock, metric(), 3)
    assert caplog.messages == [
        "Iter[1] Batch[0] Train-accuracy=0.500000",
        "Iter[1] Batch[0] Train-cross-entropy=0.857399",
        "Iter[1] Batch[2] Train-accuracy=nan",
        "Iter[1] Batch[2] Train-cross-entropy=nan",
    ]


def test_log_validation_metrics(caplog):
    caplog.set_level(logging.INFO)
    callback = mx.callback.LogValidationMetricsCallback()
    callback(Param(3, 0, metric(), None))
    callback(Param(3, 0, None, None))
    assert caplog.messages == [
        "Epoch[3] Validation-accuracy=0.500000",
        "Epoch[3] Validation-cross-entropy=0.857399",
    ]


def test_do_checkpoint(tmp_path):
    symbol = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    callback = mx.callback.do_checkpoint(str(tmp_path / "net"), 2)
    for epoch in range(4):
        callback(epoch, symbol, {"fc_weight": mx.nd.ones((2, 3))}, {"state": mx.nd.ones(1)})
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["net-0002.params", "net-0004.params", "net-symbol.json"]


def test_module_checkpoint():
    calls = []

    class Saved:
        save_checkpoint = staticmethod(lambda *args: calls.append(args))

    callback = mx.callback.module_checkpoint(Saved, "net", 2, True)
    for epoch in range(5):
        callback(epoch)
    assert calls == [("net", 2, True), ("net", 4, True)]


def test_logger_writes_to_a_file(tmp_path):
    logger = mx.log.get_logger("mxnet.test", str(tmp_path / "log"), "w")
    logger.error("x %d", 1)
    logger.info("hidden")
    assert (tmp_path / "log").read_text() == "x 1\n"
    assert mx.log.get_logger("mxnet.test") is logger
    shown = mx.log.get_logger("mxnet.shown", level=mx.log.INFO)
    shown.handlers[0].stream = stream = io.StringIO()
    shown.info("seen")
    assert stream.getvalue()[0] == "I" and stream.getvalue().endswith("] seen\n")
