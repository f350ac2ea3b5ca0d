"""How long batches take, and into which ones rows are best put."""

__all__ = ["BatchTimes"]

_SHARE = 0.1  # of a longer time than before that is believed
_GAIN = 0.95  # of the time of one batch that several may take


class BatchTimes:
    """Times of batches by their size. Thread safety: one thread at a time.

    Where a batch of 8 takes four times as long as one of 2, six rows that are filled up to 8 take
    longer than 4 rows and 2 rows; and who computes longer finds more requests waiting, which would
    be filled up again. Where a batch takes as long as a row, filling up is right.
    """

    def __init__(self):
        self._seconds = {}

    def add(self, size, seconds):
        """Take the time of a batch into account; others may have disturbed a longer one."""
        known = self._seconds.get(size, seconds)
        self._seconds[size] = seconds if seconds < known else known + _SHARE * (seconds - known)

    def plan(self, rows, sizes):
        """The sizes of the batches that rows are computed in.

        Args:
            rows (int): How many rows there are.
            sizes (tuple of int): Sizes that a batch may have, in order.

        Returns:
            list of int: The sizes, which hold all rows; the last batch is filled up.
        """
        largest = sizes[-1]
        whole = [largest] * ((rows - 1) // largest)
        return whole + self._plan_of_less(rows - sum(whole), sizes)[0]

    def _plan_of_less(self, rows, sizes):
        """A plan for at most the largest size, and its time; None for the time where unknown."""
        above = next(size for size in sizes if size >= rows)
        below = max((size for size in sizes if size < rows), default=None)
        filled_up = [above], self._time_of(above)
        if above == rows or below is None or above not in self._seconds:
            return filled_up
        rest, rest_time = self._plan_of_less(rows - below, sizes)
        below_time = self._time_of(below)
        if rest_time is None or below_time is None:
            return filled_up
        cut = [below, *rest], below_time + rest_time
        return cut if cut[1] < _GAIN * self._seconds[above] else filled_up

    def _time_of(self, size):
        """The time of a batch; one that is not known takes as long as its rows one by one."""
        one = self._seconds.get(1)
        return self._seconds.get(size, None if one is None else size * one)
