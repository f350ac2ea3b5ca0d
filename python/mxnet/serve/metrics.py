"""What a server counts, for Prometheus."""

import prometheus_client as prometheus
from prometheus_client.core import GaugeMetricFamily

__all__ = ["Metrics"]

_LATENCY = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)
_ROWS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Metrics:
    """Counters of one server, in a registry of their own. Thread safety: any thread.

    Attributes:
        content_type (str): Type of what `render` gives.
    """

    content_type = prometheus.CONTENT_TYPE_LATEST

    def __init__(self):
        self._registry = registry = prometheus.CollectorRegistry()
        self._requests = prometheus.Counter(
            "remx_requests", "Answered requests.", ["model", "version", "code"], registry=registry
        )
        self._latency = prometheus.Histogram(
            "remx_request_seconds",
            "Seconds from the head of a request to its answer.",
            ["model", "version"],
            buckets=_LATENCY,
            registry=registry,
        )
        self._batches = prometheus.Histogram(
            "remx_batch_rows",
            "Rows that were computed at once.",
            ["model", "version"],
            buckets=_ROWS,
            registry=registry,
        )
        self._computing = prometheus.Counter(
            "remx_compute_seconds",
            "Seconds in which batches were computed.",
            ["model", "version"],
            registry=registry,
        )
        self._children = {}
        prometheus.ProcessCollector(registry=registry)

    def watch(self, repository):
        """Tell the queues of these models too."""
        self._registry.register(_Queues(repository))

    def _child(self, metric, *labels):
        """A counter with its labels; kept, because finding it costs more than counting."""
        key = (id(metric), labels)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = metric.labels(*labels)
        return child

    def request_done(self, version, status, seconds):
        """Count a request.

        Args:
            version (ModelVersion): Who has answered; None if no model was asked.
            status (int): Status of the answer.
            seconds (float): How long it took.
        """
        labels = (version.name, version.version) if version else ("", "")
        self._child(self._requests, *labels, str(status)).inc()
        if version:
            self._child(self._latency, *labels).observe(seconds)

    def batch_done(self, version, rows, seconds):
        """Count a batch that was computed."""
        labels = (version.name, version.version)
        self._child(self._batches, *labels).observe(rows)
        self._child(self._computing, *labels).inc(seconds)

    def forget(self, name, version):
        """Drop the figures of a version that has gone, so that they do not pile up."""
        for key in list(self._children):
            if key[1][:2] == (name, version):
                del self._children[key]
        for metric in (self._requests, self._latency, self._batches, self._computing):
            metric.remove_by_labels({"model": name, "version": version})

    def render(self):
        """All figures in the text format of Prometheus."""
        return prometheus.generate_latest(self._registry)


class _Queues:
    """Tells how many requests wait when somebody asks."""

    def __init__(self, repository):
        self._repository = repository

    def collect(self):
        """The gauges."""
        waiting = GaugeMetricFamily(
            "remx_queue_requests", "Requests that wait.", labels=["model", "version"]
        )
        for each in self._repository.all_versions():
            waiting.add_metric([each.name, each.version], len(each.queue))
        yield waiting
