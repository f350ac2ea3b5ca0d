"""What a version has done since it was loaded, as Triton's clients ask for it."""

import collections
import threading
import time

__all__ = ["Statistics"]


class _Duration:
    """How often something was done, and how long it took together."""

    __slots__ = ("count", "ns")

    def __init__(self):
        self.count = self.ns = 0

    def add(self, seconds, count=1):
        self.count += count
        self.ns += round(seconds * 1e9)

    def describe(self):
        return {"count": self.count, "ns": self.ns}


def _waited(member, batch, end):
    """How many requests of a member are waited for, and the seconds since they came, added up."""
    if member is batch.plain:
        ages = member.ages(end)
        return len(ages), sum(ages)
    return (0, 0.0) if member.is_over else (1, end - member.since)


class Statistics:
    """Counts requests and batches of one version. Thread safety: any thread."""

    def __init__(self):
        self._lock = threading.Lock()
        self._rows = self._last = 0
        self._success, self._fail, self._queue = _Duration(), _Duration(), _Duration()
        self._compute = _Duration()
        self._batches = collections.defaultdict(_Duration)

    def batch_done(self, batch, answers, start, end):
        """Count a batch.

        Args:
            batch (Batch): Its requests; those that were given up meanwhile have been counted.
            answers (list): The answer of each member, or an exception.
            start, end (float): When it was computed, by the monotonic clock.
        """
        with self._lock:
            self._last = round(time.time() * 1000)
            rows = 0
            for member, answer in zip(batch.members, answers):
                count, waited = _waited(member, batch, end)
                if not count:
                    continue
                self._queue.add(waited - count * (end - start), count)
                if isinstance(answer, BaseException):
                    self._fail.add(waited, count)
                    continue
                self._success.add(waited, count)
                rows += member.rows
            if rows:
                self._rows += rows
                self._compute.add(end - start)
                self._batches[rows].add(end - start)

    def given_up(self, since):
        """Count a request of that time, by the monotonic clock, that took too long."""
        with self._lock:
            self._fail.add(time.monotonic() - since)

    def describe(self):
        """The figures by the names of Triton's extension.

        Inputs and outputs are copied while a batch is computed, and not measured apart.
        """
        with self._lock:
            none = _Duration().describe()
            return {
                "last_inference": self._last,
                "inference_count": self._rows,
                "execution_count": self._compute.count,
                "inference_stats": {
                    "success": self._success.describe(),
                    "fail": self._fail.describe(),
                    "queue": self._queue.describe(),
                    "compute_input": none,
                    "compute_infer": self._compute.describe(),
                    "compute_output": none,
                    "cache_hit": none,
                    "cache_miss": none,
                },
                "batch_stats": [
                    {
                        "batch_size": size,
                        "compute_input": none,
                        "compute_infer": duration.describe(),
                        "compute_output": none,
                    }
                    for size, duration in sorted(self._batches.items())
                ],
            }
