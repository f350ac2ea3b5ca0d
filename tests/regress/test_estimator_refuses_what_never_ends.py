"""`Estimator.fit` with 0 batches or -1 epochs never ended, and took anything for a handler.

One handler without a list was refused, and lines of batches had a comma too many.
"""

import logging

import numpy as np
import pytest

from mxnet import gluon
from mxnet.gluon.contrib.estimator import EpochEnd, Estimator, LoggingHandler


class NeverEnds(Exception):
    pass


class Impatient(EpochEnd):
    """Ends what would go on for ever."""

    def __init__(self):
        self.epochs = 0

    def epoch_end(self, estimator, *args, **kwargs):
        self.epochs += 1
        if self.epochs > 5:
            raise NeverEnds


@pytest.fixture
def estimator():
    net = gluon.nn.Dense(2, in_units=3)
    net.initialize()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
    return Estimator(net, gluon.loss.L2Loss(), trainer=trainer)


def loader(size, batch_size=2, **options):
    return gluon.data.DataLoader(
        gluon.data.ArrayDataset(np.ones((size, 3), "float32"), np.ones((size, 2), "float32")),
        batch_size,
        **options,
    )


@pytest.mark.parametrize(
    "limits", [{"batches": 0}, {"epochs": 0}, {"epochs": -1}, {"batches": -3}, {"epochs": 1.5}]
)
def test_limits_that_nothing_reaches(estimator, limits):
    [(name, value)] = limits.items()
    with pytest.raises(ValueError, match=f"Estimator.fit: {name}={value} is no count"):
        estimator.fit(loader(4), event_handlers=[Impatient()], **limits)


def test_no_batches(estimator):
    with pytest.raises(ValueError, match="train_data has no batches"):
        estimator.fit(loader(1, last_batch="discard"), batches=3, event_handlers=[Impatient()])


def test_handlers(estimator):
    handler = Impatient()
    estimator.fit(loader(4), epochs=2, event_handlers=handler)
    assert handler.epochs == 2
    with pytest.raises(ValueError, match="event handler 3 is of type int"):
        estimator.fit(loader(4), epochs=1, event_handlers=[3])


def test_lines_of_batches(estimator):
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    estimator.logger.handlers = [handler]
    logs = LoggingHandler(log_interval=1, metrics=estimator.train_metrics)
    estimator.fit(loader(2), epochs=1, event_handlers=[logs])
    [line] = [line for line in lines if "[Batch 0]" in line]
    before, after = line.split("time/interval: ")
    assert before == "[Epoch 0][Batch 0][Samples 2] "
    assert after.split(" ", 1)[1].startswith("training l2loss: ")
    assert not after.split(" ")[0].endswith(",")
