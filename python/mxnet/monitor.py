"""Statistics of arrays inside a network while it runs."""

import math
import re

import numpy as np

from .log import logger
from .ndarray import NDArray

__all__ = ["Monitor"]


def root_mean_square(array):
    """Root of the mean square of the elements of an NDArray, as a NumPy float32."""
    values = array.asnumpy()
    return np.float32(np.linalg.norm(values) / math.sqrt(max(values.size, 1)))


class Monitor:
    """Computes a statistic of outputs, parameters and gradients every few batches.

    Args:
        interval (int): Batches between two looks.
        stat_func (function): Makes the statistic from an NDArray; the root of the mean square if
            not given.
        pattern (str): Regular expression that names begin with.
        sort (bool): Whether to sort the results by name.
        monitor_all (bool): Whether to look at inputs of operators too.

    Example:
        >>> monitor = Monitor(10, pattern="fc.*")
        >>> module.install_monitor(monitor)
    """

    def __init__(self, interval, stat_func=None, pattern=".*", sort=False, monitor_all=False):
        self.stat_func = stat_func or root_mean_square
        self.interval = interval
        self.activated = False
        self.queue = []
        self.step = 0
        self.exes = []
        self.re_prog = re.compile(pattern)
        self.sort = sort
        self.monitor_all = monitor_all
        self.stat_helper = self._look

    def _look(self, name, array):
        name = name.decode() if isinstance(name, bytes) else name
        if self.activated and self.re_prog.match(name):
            self.queue.append((self.step, name, self.stat_func(array)))

    def install(self, exe):
        """Watch an executor."""
        exe.set_monitor_callback(self.stat_helper, self.monitor_all)
        self.exes.append(exe)

    def tic(self):
        """Begin a batch; looks at it if its turn has come."""
        if self.step % self.interval == 0:
            self.queue = []
            self.activated = True
        self.step += 1

    def toc(self):
        """End a batch.

        Returns:
            list of (int, str, str): Batch, name and statistic, if this batch was looked at.
        """
        if not self.activated:
            return []
        for exe in self.exes:
            for name, array in exe.arg_dict.items():
                self._look(name, array)
        self.activated = False
        results = sorted(self.queue, key=lambda entry: entry[1]) if self.sort else self.queue
        self.queue = []
        return [(step, name, _text(value)) for step, name, value in results]

    def toc_print(self):
        """End a batch and log the results."""
        for step, name, text in self.toc():
            logger.info("Batch: %7d %-30s %s", step, name, text)


def _text(value):
    """Statistics as text, each with a tab behind it."""
    values = value if isinstance(value, list) else [value]
    parts = []
    for each in values:
        if isinstance(each, NDArray):
            each = each.asnumpy().flat[0] if each.shape in ((), (1,)) else each.asnumpy()
        parts.append(str(each) + "\t")
    return "".join(parts)
