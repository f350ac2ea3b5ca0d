"""Samplers that step through a dataset."""

from .... import error
from ...data.sampler import Sampler

__all__ = ["IntervalSampler"]


class IntervalSampler(Sampler):
    """Every `interval`-th of the numbers from 0 to ``length - 1``.

    Args:
        length (int): How many numbers.
        interval (int): The step.
        rollover (bool): Whether it goes on with those that were skipped, until all were given.

    Example:
        >>> list(IntervalSampler(7, interval=3))
        [0, 3, 6, 1, 4, 2, 5]
    """

    def __init__(self, length, interval, rollover=True):
        if interval > length:
            raise error.AssertionError(
                f"IntervalSampler: interval={interval} is greater than length={length}; expected "
                "at most that"
            )
        self._length = length
        self._interval = interval
        self._rollover = rollover

    def __iter__(self):
        for start in range(self._interval if self._rollover else 1):
            yield from range(start, self._length, self._interval)

    def __len__(self):
        if self._rollover:
            return self._length
        return -(-self._length // self._interval)
