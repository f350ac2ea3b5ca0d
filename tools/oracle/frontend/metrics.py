"""Metrics: values after two batches, and after `reset_local` and another one."""

import numpy as np

from .digest import digest

RNG = np.random.RandomState(0)


def _probabilities(*shape):
    scores = RNG.rand(*shape)
    return scores / scores.sum(-1, keepdims=True)


CLASSES = [(RNG.randint(0, 5, rows), _probabilities(rows, 5)) for rows in (8, 6)]
BINARY = [(RNG.randint(0, 2, rows), _probabilities(rows, 2)) for rows in (8, 7)]
NUMBERS = [(RNG.rand(8), RNG.rand(8)), (RNG.rand(8, 3), RNG.rand(8, 3))]
SEQUENCES = [(RNG.randint(0, 6, (4, 3)), RNG.rand(4, 6, 3))]


def _run(make, batches, with_global=True):
    def run(mx):
        metric = make(mx.metric)
        arrays = [([mx.nd.array(label)], [mx.nd.array(pred)]) for label, pred in batches]
        for label, pred in arrays:
            metric.update(label, pred)
        results = [str(metric.get()[0]), digest(metric.get_name_value())]
        metric.reset_local()
        metric.update(*arrays[0])
        results.append(digest(metric.get()))
        if with_global:
            results.append(digest(metric.get_global()))
        metric.reset()
        results.append(str(metric.get()[1]))
        return results

    return run


def _count_wrong(label, pred):
    return float((label != pred.argmax(1)).sum())


def _wrong_of_all(label, pred):
    return _count_wrong(label, pred), label.size


def _by_dict(mx):
    metric = mx.metric.Accuracy(output_names=["o"], label_names=["l"])
    (label, pred), (other_label, other_pred) = CLASSES
    metric.update_dict(
        {"l": mx.nd.array(label), "x": mx.nd.array(other_label)},
        {"o": mx.nd.array(pred), "z": mx.nd.array(other_pred)},
    )
    return digest(metric.get())


def _configurations(mx):
    metric = mx.metric
    made = [metric.Accuracy(axis=2), metric.TopKAccuracy(3), metric.create(["acc", "ce"])]
    return [[str(each) for each in made], [each.get_config() for each in made]]


def _names(mx):
    names = ["acc", "accuracy", "f1", "mcc", "mae", "mse", "rmse", "ce", "crossentropy"]
    names += ["nll_loss", "pearsonr", "pearsoncorrelation", "pcc", "loss", "torch", "caffe"]
    return [type(mx.metric.create(name)).__name__ for name in names]


CASES = {
    "accuracy": _run(lambda m: m.create("acc"), CLASSES),
    "accuracy_of_sequences": _run(lambda m: m.Accuracy(axis=1), SEQUENCES),
    "top_2": _run(lambda m: m.TopKAccuracy(2), CLASSES),
    "top_3": _run(lambda m: m.create("top_k_acc", top_k=3), CLASSES),
    "cross_entropy": _run(lambda m: m.create("ce"), CLASSES),
    "cross_entropy_eps": _run(lambda m: m.CrossEntropy(eps=0.5), CLASSES),
    "nll": _run(lambda m: m.create("nll_loss"), CLASSES),
    "perplexity": _run(lambda m: m.Perplexity(None), CLASSES),
    "perplexity_ignoring": _run(lambda m: m.Perplexity(2), CLASSES),
    "f1": _run(lambda m: m.F1(), BINARY),
    "f1_micro": _run(lambda m: m.F1(average="micro"), BINARY),
    "mcc": _run(lambda m: m.MCC(), BINARY),
    "mcc_micro": _run(lambda m: m.MCC(average="micro"), BINARY),
    "pearson": _run(lambda m: m.PearsonCorrelation(), NUMBERS),
    "pearson_micro": lambda mx: _run(
        lambda m: m.PearsonCorrelation(average="micro"), NUMBERS, False
    )(mx)[:2],
    "pcc": _run(lambda m: m.PCC(), CLASSES),
    "pcc_two_classes": _run(lambda m: m.PCC(), BINARY),
    "mae": _run(lambda m: m.MAE(), NUMBERS),
    "mse": _run(lambda m: m.MSE(), NUMBERS),
    "rmse": _run(lambda m: m.RMSE(), NUMBERS),
    "loss": _run(lambda m: m.Loss(), NUMBERS),
    "composite": _run(lambda m: m.create(["acc", "ce", m.TopKAccuracy(2)]), CLASSES),
    "custom": _run(lambda m: m.CustomMetric(_count_wrong), CLASSES),
    "custom_pair": _run(lambda m: m.create(_wrong_of_all), CLASSES),
    "numpy_function": _run(lambda m: m.np(_count_wrong, name="wrong"), CLASSES),
    "by_dict": _by_dict,
    "configurations": _configurations,
    "names": _names,
}
