"""What every metric shares: running sums, names, the registry."""

import numpy as np

from .. import error, registry
from ..ndarray import NDArray

__all__ = ["EvalMetric", "CompositeEvalMetric", "check_label_shapes", "register", "alias", "create"]


def as_numpy(array):
    """`array` as a NumPy array, from an NDArray or anything NumPy can read."""
    return array.asnumpy() if isinstance(array, NDArray) else np.asarray(array)


def as_list(arrays):
    """`arrays` as a list; a single array becomes a list of one."""
    return list(arrays) if isinstance(arrays, (list, tuple)) else [arrays]


def check_label_shapes(labels, preds, wrap=False, shape=False):
    """Check that there is a prediction for every label.

    Args:
        labels: A list of arrays, or one array.
        preds: A list of arrays, or one array.
        wrap (bool): Whether to put single arrays in a list.
        shape (bool): Whether to compare shapes in place of lengths.

    Returns:
        tuple: `labels` and `preds`.

    Raises:
        ValueError: They differ.
    """
    found, wanted = (preds.shape, labels.shape) if shape else (len(preds), len(labels))
    if found != wanted:
        raise error.ValueError(
            f"check_label_shapes: predictions have the {'shape' if shape else 'length'} "
            f"{found}; that of the labels, {wanted}, is expected"
        )
    if wrap:
        labels = [labels] if isinstance(labels, NDArray) else labels
        preds = [preds] if isinstance(preds, NDArray) else preds
    return labels, preds


def pairs(labels, preds, owner):
    """Pairs of label and prediction as NumPy arrays.

    Raises:
        ValueError: There are more of one than of the other.
    """
    labels, preds = as_list(labels), as_list(preds)
    if len(labels) != len(preds):
        raise error.AssertedValueError(
            f"{owner}: there are {len(labels)} labels and {len(preds)} predictions; "
            "one label for each prediction is expected"
        )
    return [(as_numpy(label), as_numpy(pred)) for label, pred in zip(labels, preds)]


class EvalMetric:
    """Base of all metrics: a sum over instances divided by their number.

    A metric counts twice: since `reset_local` (`get`) and since `reset` (`get_global`).

    Args:
        name (str): Name to report.
        output_names (list of str): The outputs to look at, of those in `update_dict`.
        label_names (list of str): The labels to look at, of those in `update_dict`.
        **kwargs: What `get_config` reports besides.
    """

    def __init__(self, name, output_names=None, label_names=None, **kwargs):
        self.name = str(name)
        self.output_names = output_names
        self.label_names = label_names
        self._has_global_stats = kwargs.pop("has_global_stats", False)
        self._kwargs = kwargs
        self.reset()

    def __str__(self):
        return f"EvalMetric: {dict(self.get_name_value())}"

    def get_config(self):
        """Arguments from which `create` makes this metric again, a dict."""
        return {
            **self._kwargs,
            "metric": type(self).__name__,
            "name": self.name,
            "output_names": self.output_names,
            "label_names": self.label_names,
        }

    def update_dict(self, label, pred):
        """Count a batch given by name.

        Args:
            label (dict of str to NDArray): Labels by name.
            pred (dict of str to NDArray): Predictions by output name.
        """
        preds = (
            [pred[name] for name in self.output_names]
            if self.output_names is not None
            else list(pred.values())
        )
        labels = (
            [label[name] for name in self.label_names]
            if self.label_names is not None
            else list(label.values())
        )
        self.update(labels, preds)

    def update(self, labels, preds):
        """Count a batch.

        Args:
            labels (list of NDArray): The labels.
            preds (list of NDArray): The predictions, one for each label.
        """
        raise error.NotImplementedError(
            f"{type(self).__name__} does not define update(labels, preds)"
        )

    def _count(self, total, number):
        """Add the sum over a number of instances to both counts."""
        self.sum_metric += total
        self.num_inst += number
        self.global_sum_metric += total
        self.global_num_inst += number

    def reset(self):
        """Forget everything."""
        self.reset_local()
        self.global_num_inst = 0
        self.global_sum_metric = 0.0

    def reset_local(self):
        """Forget what `get` reports; `get_global` goes on."""
        self.num_inst = 0
        self.sum_metric = 0.0

    def _value(self, total, number):
        """What to report for a sum over a number of instances."""
        return total / number

    def get(self):
        """Name and value since `reset_local`; the value is NaN before the first update."""
        if self.num_inst == 0:
            return self.name, float("nan")
        return self.name, self._value(self.sum_metric, self.num_inst)

    def get_global(self):
        """Name and value since `reset`."""
        if not self._has_global_stats:
            return self.get()
        if self.global_num_inst == 0:
            return self.name, float("nan")
        return self.name, self._value(self.global_sum_metric, self.global_num_inst)

    def get_name_value(self):
        """`get` as a list of pairs of name and value."""
        return _as_pairs(*self.get())

    def get_global_name_value(self):
        """`get_global` as a list of pairs of name and value."""
        return _as_pairs(*self.get_global()) if self._has_global_stats else self.get_name_value()


def _as_pairs(names, values):
    return list(zip(as_list(names), as_list(values)))


register = registry.get_register_func(EvalMetric, "metric")
alias = registry.get_alias_func(EvalMetric, "metric")
_create_registered = registry.get_create_func(EvalMetric, "metric")


def create(metric, *args, **kwargs):
    """Create a metric.

    Args:
        metric: The name of a metric, an instance (returned as it is), a function of label and
            prediction, or a list of these.
        *args: Arguments of the metric.
        **kwargs: Arguments of the metric.

    Returns:
        EvalMetric: The metric; a `CompositeEvalMetric` for a list.

    Example:
        >>> create("acc").name
        'accuracy'
    """
    if isinstance(metric, list):
        return CompositeEvalMetric([create(child, *args, **kwargs) for child in metric])
    if callable(metric) and not isinstance(metric, EvalMetric):
        return _create_registered("custommetric", metric, *args, **kwargs)
    return _create_registered(metric, *args, **kwargs)


@alias("composite")
@register
class CompositeEvalMetric(EvalMetric):
    """Several metrics that are updated and reported together.

    Args:
        metrics (list): The metrics, as `create` takes them.
        name, output_names, label_names: See `EvalMetric`.
    """

    def __init__(self, metrics=None, name="composite", output_names=None, label_names=None):
        self.metrics = [create(metric) for metric in metrics or []]
        super().__init__(name, output_names, label_names, has_global_stats=True)

    def add(self, metric):
        """Add a metric, as `create` takes it."""
        self.metrics.append(create(metric))

    def get_metric(self, index):
        """The metric at a position.

        Raises:
            ValueError: There is none.
        """
        if not 0 <= index < len(self.metrics):
            raise error.ValueError(
                f"CompositeEvalMetric: index={index} is out of range; 0 to "
                f"{len(self.metrics) - 1} is expected"
            )
        return self.metrics[index]

    def update_dict(self, labels, preds):
        if self.label_names is not None:
            labels = {name: label for name, label in labels.items() if name in self.label_names}
        if self.output_names is not None:
            preds = {name: pred for name, pred in preds.items() if name in self.output_names}
        for metric in self.metrics:
            metric.update_dict(labels, preds)

    def update(self, labels, preds):
        for metric in self.metrics:
            metric.update(labels, preds)

    def reset(self):
        for metric in self.metrics:
            metric.reset()

    def reset_local(self):
        for metric in self.metrics:
            metric.reset_local()

    def _gather(self, reports):
        names, values = [], []
        for name, value in reports:
            names += as_list(name)
            values += as_list(value)
        return names, values

    def get(self):
        return self._gather(metric.get() for metric in self.metrics)

    def get_global(self):
        return self._gather(metric.get_global() for metric in self.metrics)

    def get_config(self):
        return {**super().get_config(), "metrics": [metric.get_config() for metric in self.metrics]}
