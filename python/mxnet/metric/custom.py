"""Metrics from functions."""

from .. import error
from .base import EvalMetric, as_list, as_numpy, register

__all__ = ["CustomMetric", "from_numpy_function"]


@register
class CustomMetric(EvalMetric):
    """A metric from a function.

    Args:
        feval (function): Takes label and prediction as NumPy arrays; returns a value, which
            counts as one instance, or a pair of sum and number of instances.
        name (str): Name to report; that of the function if not given.
        allow_extra_outputs (bool): Whether there may be more predictions than labels.
        output_names, label_names: See `EvalMetric`.
    """

    def __init__(
        self, feval, name=None, allow_extra_outputs=False, output_names=None, label_names=None
    ):
        if name is None:
            name = feval.__name__
            if "<" in name:
                name = f"custom({name})"
        super().__init__(
            name,
            output_names,
            label_names,
            feval=feval,
            allow_extra_outputs=allow_extra_outputs,
            has_global_stats=True,
        )
        self._feval = feval
        self._allow_extra_outputs = allow_extra_outputs

    def update(self, labels, preds):
        labels, preds = as_list(labels), as_list(preds)
        if not self._allow_extra_outputs and len(labels) != len(preds):
            raise error.ValueError(
                f"{self.name}: there are {len(labels)} labels and {len(preds)} "
                "predictions; one label for each prediction is expected"
            )
        for pred, label in zip(preds, labels):
            value = self._feval(as_numpy(label), as_numpy(pred))
            self._count(*(value if isinstance(value, tuple) else (value, 1)))

    def get_config(self):
        raise error.NotImplementedError(
            f"{self.name}: a metric from a function has no configuration"
        )


def from_numpy_function(numpy_feval, name=None, allow_extra_outputs=False):
    """Make a metric from a function of NumPy arrays; `mx.metric.np`.

    Args:
        numpy_feval (function): Takes label and prediction; see `CustomMetric`.
        name (str): Name to report; that of the function if not given.
        allow_extra_outputs (bool): Whether there may be more predictions than labels.

    Returns:
        CustomMetric: The metric.
    """

    def feval(label, pred):
        return numpy_feval(label, pred)

    feval.__name__ = numpy_feval.__name__
    return CustomMetric(feval, name, allow_extra_outputs)
