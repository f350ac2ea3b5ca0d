"""Metrics: what stored results do not show."""

import numpy as np
import pytest

import mxnet as mx

PROBABILITIES = np.array([[0.3, 0.7], [0.6, 0.4], [0.1, 0.9]], dtype=np.float32)


def test_numpy_arrays_are_taken():
    metric = mx.metric.Accuracy()
    metric.update([np.array([1, 1, 1])], [PROBABILITIES])
    assert metric.get() == ("accuracy", pytest.approx(2 / 3))


def test_single_arrays_are_taken():
    metric = mx.metric.create("acc")
    metric.update(mx.nd.array([1, 0, 1]), mx.nd.array(PROBABILITIES))
    assert metric.get_name_value() == [("accuracy", 1.0)]


@pytest.mark.parametrize("name", ["acc", "f1", "mcc", "ce", "nll_loss", "pcc", "pearsonr"])
def test_labels_that_do_not_fit_are_refused(name):
    metric = mx.metric.create(name)
    with pytest.raises(ValueError, match="expected") as caught:
        metric.update([mx.nd.array([1, 0])], [mx.nd.array(PROBABILITIES)])
    assert isinstance(caught.value, mx.MXNetError)


def test_number_of_labels_is_checked():
    with pytest.raises(ValueError, match="Accuracy: there are 2 labels and 1 predictions"):
        mx.metric.Accuracy().update([mx.nd.ones(1)] * 2, [mx.nd.ones(1)])


def test_label_outside_the_classes_is_refused():
    with pytest.raises(IndexError, match="labels go from 0 to 7; 0 to 1 is expected"):
        mx.metric.CrossEntropy().update([mx.nd.array([0, 7, 1])], [mx.nd.array(PROBABILITIES)])


def test_top_k_of_fewer_classes_counts_all():
    metric = mx.metric.TopKAccuracy(5)
    metric.update([mx.nd.array([0, 0, 0])], [mx.nd.array(PROBABILITIES)])
    assert metric.get() == ("top_k_accuracy_5", 1.0)


def test_top_k_of_equal_scores_takes_the_lower_class():
    scores = np.array([[0.5, 0.1, 0.5, 0.5, 0.5, 0.2]])
    hits = []
    for label in (0, 1, 2, 3, 4, 5, -1):
        metric = mx.metric.TopKAccuracy(3)
        metric.update([np.array([label])], [scores])
        hits.append(metric.get()[1])
    assert hits == [1, 0, 1, 1, 0, 0, 0]


def test_top_1_is_accuracy():
    with pytest.raises(ValueError, match="top_k=1 is too small"):
        mx.metric.TopKAccuracy(1)


def test_binary_metrics_refuse_more_classes():
    with pytest.raises(ValueError, match="F1: the labels have 3 classes"):
        mx.metric.F1().update([mx.nd.array([0, 1, 2])], [mx.nd.array(PROBABILITIES)])


def test_micro_pearson_is_that_of_all_values():
    rng = np.random.RandomState(0)
    label, pred = rng.rand(2, 3, 9)
    metric = mx.metric.PearsonCorrelation(average="micro")
    for row in range(3):
        metric.update([mx.nd.array(label[row])], [mx.nd.array(pred[row])])
    wanted = np.corrcoef(label.ravel(), pred.ravel())[0, 1]
    assert metric.get()[1] == pytest.approx(wanted, abs=1e-6)
    metric.reset_local()
    assert metric.get_global()[1] == pytest.approx(wanted, abs=1e-6)


def test_perplexity_of_sequences():
    pred = np.full((2, 3, 4), 0.25, dtype=np.float32)
    metric = mx.metric.Perplexity(ignore_label=0)
    metric.update([mx.nd.array([[1, 2, 0], [3, 0, 0]])], [mx.nd.array(pred)])
    assert metric.num_inst == 3
    assert metric.get()[1] == pytest.approx(4, rel=1e-5)


def test_own_metric():
    @mx.metric.alias("counter_of_updates")
    class Counter(mx.metric.EvalMetric):
        def __init__(self):
            super().__init__("counter")

        def update(self, labels, preds):
            self.sum_metric += 1
            self.num_inst += 1

    metric = mx.metric.create("counter_of_updates")
    metric.update([], [])
    assert metric.get_global() == ("counter", 1.0)
    assert mx.metric.EvalMetric("x").get_config() == {
        "metric": "EvalMetric",
        "name": "x",
        "output_names": None,
        "label_names": None,
    }


def test_composite():
    metric = mx.metric.CompositeEvalMetric()
    metric.add("acc")
    metric.add(mx.metric.MSE())
    assert isinstance(metric.get_metric(1), mx.metric.MSE)
    with pytest.raises(ValueError, match="index=2 is out of range; 0 to 1"):
        metric.get_metric(2)


def test_unknown_names_list_the_known():
    with pytest.raises(ValueError, match="metric='acuracy' is not registered.*accuracy"):
        mx.metric.create("acuracy")


def test_custom_metric_names():
    assert mx.metric.np(lambda label, pred: 1.0).name == "custom(<lambda>)"
    extra = mx.metric.CustomMetric(lambda label, pred: 1.0, "x", allow_extra_outputs=True)
    extra.update([mx.nd.ones(1)], [mx.nd.ones(1)] * 2)
    assert extra.get() == ("x", 1.0)
