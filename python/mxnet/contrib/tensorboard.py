"""Metrics for TensorBoard."""

from ..log import logger

__all__ = ["LogMetricsCallback"]


class LogMetricsCallback:
    """Writes the metric where TensorBoard reads it; for callbacks of `Module.fit`.

    It needs the package mxboard and logs an error without it.

    Args:
        logging_dir (str): Folder to write to.
        prefix (str): What to put before the names of the metrics, with a hyphen.
    """

    def __init__(self, logging_dir, prefix=None):
        self.prefix = prefix
        self.step = 0
        self.summary_writer = None
        try:
            from mxboard import SummaryWriter
        except ImportError:
            logger.error("LogMetricsCallback: mxboard is not installed; pip install mxboard")
        else:
            self.summary_writer = SummaryWriter(logging_dir)

    def __call__(self, param):
        self.step += 1
        if param.eval_metric is None or self.summary_writer is None:
            return
        for name, value in param.eval_metric.get_name_value():
            if self.prefix is not None:
                name = f"{self.prefix}-{name}"
            self.summary_writer.add_scalar(name, value, global_step=self.step)
