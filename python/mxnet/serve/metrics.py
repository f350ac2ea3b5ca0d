"""What a server counts."""

import bisect
import collections
import copy
import threading

__all__ = ["Figures", "Histogram", "Metrics"]

_LATENCY = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)
_ROWS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Histogram:
    """Counts of values, each up to a bound.

    Attributes:
        bounds (tuple of float): The bounds, in order.
        counts (list of int): Values up to each bound and above the one before; behind them those
            above the last.
        sum (float): Of all values.
    """

    def __init__(self, bounds):
        self.bounds, self.counts, self.sum = bounds, [0] * (len(bounds) + 1), 0.0

    def observe(self, value):
        """Count a value."""
        self.counts[bisect.bisect_left(self.bounds, value)] += 1
        self.sum += value


class Figures:
    """The figures of one version of a model.

    Attributes:
        codes (Counter): Requests by the status of their answer.
        latency (Histogram): Seconds of requests.
        rows (Histogram): Rows of batches.
        computing (float): Seconds in which batches were computed.
    """

    def __init__(self):
        self.codes = collections.Counter()
        self.latency, self.rows = Histogram(_LATENCY), Histogram(_ROWS)
        self.computing = 0.0


class Metrics:
    """Counters of one server. Thread safety: any thread.

    They are plain numbers until Prometheus asks (see `exposition`): its library's counters cost
    more than finding the route of a request, and its import a good part of the start of a server.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._figures = collections.defaultdict(Figures)
        self._repository = None
        self._exposition = None

    def watch(self, repository):
        """Tell the queues of these models too."""
        self._repository = repository

    def request_done(self, version, status, seconds):
        """Count a request.

        Args:
            version (ModelVersion): Who has answered; None if no model was asked.
            status (int): Status of the answer.
            seconds (float): How long it took.
        """
        labels = (version.name, version.version) if version else ("", "")
        with self._lock:
            figures = self._figures[labels]
            figures.codes[status] += 1
            if version:
                figures.latency.observe(seconds)

    def refused(self, count):
        """Count requests that no queue had room for."""
        with self._lock:
            self._figures["", ""].codes[503] += count

    def plain_done(self, version, seconds):
        """Count requests that the express lane answers.

        Args:
            version (ModelVersion): Who has answered.
            seconds (list of float): How long each took.
        """
        with self._lock:
            figures = self._figures[version.name, version.version]
            figures.codes[200] += len(seconds)
            for each in seconds:
                figures.latency.observe(each)

    def batch_done(self, version, rows, seconds):
        """Count a batch that was computed."""
        with self._lock:
            figures = self._figures[version.name, version.version]
            figures.rows.observe(rows)
            figures.computing += seconds

    def forget(self, name, version):
        """Drop the figures of a version that has gone, so that they do not pile up."""
        with self._lock:
            self._figures.pop((name, version), None)

    def copy(self):
        """The figures as they are now, by name and version of the model: a list of pairs.

        Those of requests that asked no model stand under two empty names.
        """
        with self._lock:
            return copy.deepcopy(list(self._figures.items()))

    def waiting(self):
        """Requests that wait, as tuples of name, version and count."""
        versions = self._repository.all_versions() if self._repository else ()
        return [(each.name, each.version, len(each.queue)) for each in versions]

    def render(self):
        """All figures in the text format of Prometheus, and the type of that (bytes, str)."""
        with self._lock:
            if self._exposition is None:
                from .exposition import Exposition

                self._exposition = Exposition(self)
        return self._exposition.render()
