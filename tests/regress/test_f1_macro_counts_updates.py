"""F1 and MCC with average='macro' took the mean over arrays in place of updates."""

import pytest

import mxnet as mx

LABELS = [mx.nd.array([1, 0]), mx.nd.array([1, 0])]
PREDICTIONS = [mx.nd.array([[0.1, 0.9], [0.5, 0.5]]), mx.nd.array([[0.85, 0.15], [1.0, 0.0]])]


@pytest.mark.parametrize("name, together", [("f1", 2 / 3), ("mcc", 3**-0.5)])
def test_arrays_of_one_update_count_together(name, together):
    metric = mx.metric.create(name, average="macro")
    metric.update(LABELS, PREDICTIONS)
    assert metric.num_inst == 1 and metric.get()[1] == pytest.approx(together)
    metric.update(LABELS[:1], PREDICTIONS[:1])
    assert metric.num_inst == 2 and metric.get()[1] == pytest.approx((together + 1) / 2)
