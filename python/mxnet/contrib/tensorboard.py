"""Metrics for TensorBoard."""

import importlib

from ..log import logger

__all__ = ["LogMetricsCallback"]

# What writes for TensorBoard, the first that is there.
_WRITERS = (
    ("mxboard", "SummaryWriter"),
    ("tensorboardX", "SummaryWriter"),
    ("tensorboard.summary", "Writer"),
)


class LogMetricsCallback:
    """Writes the metric where TensorBoard reads it; for callbacks of `Module.fit`.

    It needs one of the packages mxboard, tensorboardX and tensorboard, and logs an error without.

    Args:
        logging_dir (str): Folder to write to.
        prefix (str): What to put before the names of the metrics, with a hyphen.
    """

    def __init__(self, logging_dir, prefix=None):
        self.prefix = prefix
        self.step = 0
        self.summary_writer = None
        for module, name in _WRITERS:
            try:
                writer = getattr(importlib.import_module(module), name)
            except ImportError:
                continue
            self.summary_writer = writer(logging_dir)
            break
        else:
            logger.error(
                "LogMetricsCallback: no package writes for TensorBoard; expected mxboard, "
                "tensorboardX or tensorboard"
            )

    def __call__(self, param):
        self.step += 1
        if param.eval_metric is None or self.summary_writer is None:
            return
        for name, value in param.eval_metric.get_name_value():
            if self.prefix is not None:
                name = f"{self.prefix}-{name}"
            # The third argument is the step, whatever the package calls it.
            self.summary_writer.add_scalar(name, value, self.step)
