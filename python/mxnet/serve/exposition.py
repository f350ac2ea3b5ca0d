"""What a server has counted, in the text format of Prometheus."""

import prometheus_client as prometheus
from prometheus_client import core

__all__ = ["Exposition"]

_LABELS = ["model", "version"]


class Exposition:
    """The figures of a server as Prometheus' library takes them.

    Args:
        metrics (Metrics): The figures.
    """

    def __init__(self, metrics):
        self._metrics = metrics
        self._registry = prometheus.CollectorRegistry()
        self._registry.register(self)
        prometheus.ProcessCollector(registry=self._registry)

    def render(self):
        """The text and its type (bytes, str)."""
        return prometheus.generate_latest(self._registry), prometheus.CONTENT_TYPE_LATEST

    def collect(self):
        """The figures, for the library."""
        requests = core.CounterMetricFamily(
            "remx_requests", "Answered requests.", labels=[*_LABELS, "code"]
        )
        latency = core.HistogramMetricFamily(
            "remx_request_seconds",
            "Seconds from the head of a request to its answer.",
            labels=_LABELS,
        )
        rows = core.HistogramMetricFamily(
            "remx_batch_rows", "Rows that were computed at once.", labels=_LABELS
        )
        computing = core.CounterMetricFamily(
            "remx_compute_seconds", "Seconds in which batches were computed.", labels=_LABELS
        )
        waiting = core.GaugeMetricFamily(
            "remx_queue_requests", "Requests that wait.", labels=_LABELS
        )
        for labels, figures in self._metrics.copy():
            for code, count in figures.codes.items():
                requests.add_metric([*labels, str(code)], count)
            if labels[0]:
                latency.add_metric(labels, *_buckets(figures.latency))
                rows.add_metric(labels, *_buckets(figures.rows))
                computing.add_metric(labels, figures.computing)
        for name, version, count in self._metrics.waiting():
            waiting.add_metric([name, version], count)
        return [requests, latency, rows, computing, waiting]


def _buckets(histogram):
    """Pairs of a bound and the count up to it, and the sum."""
    below, pairs = 0, []
    for bound, count in zip((*histogram.bounds, float("inf")), histogram.counts):
        below += count
        pairs.append((prometheus.utils.floatToGoString(bound), below))
    return pairs, histogram.sum
