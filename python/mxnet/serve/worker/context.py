"""What handlers are told about their model and their requests, as Multi Model Server does."""

import time

from ... import libinfo

__all__ = ["Context", "MetricsStore", "RequestProcessor"]


class RequestProcessor:
    """The headers of a request and of its answer.

    Args:
        headers (dict): Headers of the request; names of its parts with their types as well.
    """

    def __init__(self, headers):
        self._headers = headers
        self._status, self._phrase, self._answer = 200, None, {}

    def get_request_property(self, key):
        """A header of the request; None if it is not there."""
        return self._headers.get(key)

    def get_request_properties(self):
        """All headers of the request."""
        return self._headers

    def report_status(self, code, reason_phrase=None):
        """Set the status of the answer."""
        self._status, self._phrase = code, reason_phrase

    def get_response_status_code(self):
        """The status of the answer."""
        return self._status

    def get_response_status_phrase(self):
        """The words of the status; None if there are none."""
        return self._phrase

    def add_response_property(self, key, value):
        """Set a header of the answer."""
        self._answer[key] = value

    def get_response_headers(self):
        """Headers of the answer."""
        return self._answer

    get_response_header = get_response_headers


class MetricsStore:
    """Takes what handlers measure and writes it to the log."""

    def __init__(self, name):
        self._name = name

    def add_metric(self, name, value, idx=None, unit=None, dimensions=None, metric_type=None):
        """Log a value."""
        import logging

        logging.getLogger("mxnet.serve").info(
            "%s: %s=%s%s", self._name, name, value, f" {unit}" if unit else ""
        )

    def add_counter(self, name, value, idx=None, dimensions=None):
        """Log a number of times."""
        self.add_metric(name, value, idx, dimensions=dimensions)

    def add_time(self, name, value, idx=None, unit="ms", dimensions=None):
        """Log a duration."""
        self.add_metric(name, value, idx, unit, dimensions)

    def add_size(self, name, value, idx=None, unit="MB", dimensions=None):
        """Log a size."""
        self.add_metric(name, value, idx, unit, dimensions)

    def add_percent(self, name, value, idx=None, dimensions=None):
        """Log a percentage."""
        self.add_metric(name, value, idx, "percent", dimensions)

    def add_error(self, name, value, dimensions=None):
        """Log an error."""
        self.add_metric(name, value, dimensions=dimensions)


class Context:
    """The context that handlers get.

    Args:
        document (dict): What the server says about the model.

    Attributes:
        model_name (str): Name of the model.
        manifest (dict): The manifest of its archive.
        system_properties (dict): ``model_dir``, ``gpu_id``, ``batch_size`` and the server.
        request_ids (dict of int to str): Identifiers of the requests of a batch.
        request_processor (list of RequestProcessor): One for each request of a batch.
        metrics (MetricsStore): Takes what handlers measure.
    """

    def __init__(self, document):
        self.model_name, self.manifest = document["name"], document["manifest"]
        self.system_properties = {
            "model_dir": document["folder"],
            "gpu_id": document["gpu"],
            "batch_size": document["batch_size"],
            "server_name": "remx",
            "server_version": libinfo.__remx_version__,
        }
        self.metrics = MetricsStore(self.model_name)
        self.request_ids, self.request_processor = {}, []
        self.started = time.time()

    def begin(self, requests):
        """Take the headers of a batch."""
        self.request_ids = {number: each["id"] for number, each in enumerate(requests)}
        self.request_processor = [
            RequestProcessor(
                {
                    **{name: {"content-type": kind} for name, kind, _ in each["parts"]},
                    **_spelled(each["headers"]),
                }
            )
            for each in requests
        ]

    def get_request_id(self, idx=0):
        """Identifier of a request."""
        return self.request_ids.get(idx)

    def get_request_header(self, idx, key):
        """A header of a request."""
        return self.request_processor[idx].get_request_property(key)

    def get_all_request_header(self, idx):
        """All headers of a request."""
        return self.request_processor[idx].get_request_properties()

    def set_response_content_type(self, idx, value):
        """Set the type of an answer."""
        self.request_processor[idx].add_response_property("content-type", value)

    def get_response_content_type(self, idx):
        """The type of an answer; None if it was not set."""
        return self.request_processor[idx].get_response_headers().get("content-type")

    def set_response_header(self, idx, key, value):
        """Set a header of an answer."""
        self.request_processor[idx].add_response_property(key, value)

    def get_response_headers(self, idx):
        """Headers of an answer."""
        return self.request_processor[idx].get_response_headers()

    def set_response_status(self, code=200, phrase="", idx=0):
        """Set the status of an answer."""
        self.request_processor[idx].report_status(code, phrase)

    set_http_response_status = set_response_status

    def set_all_response_status(self, code=200, phrase=""):
        """Set the status of all answers of a batch."""
        for each in self.request_processor:
            each.report_status(code, phrase)

    def get_response_status(self, idx):
        """Status of an answer and its words."""
        each = self.request_processor[idx]
        return each.get_response_status_code(), each.get_response_status_phrase()

    get_http_response_status = get_response_status


def _spelled(headers):
    """Headers by their names in small letters and as HTTP/1.1 writes them, ``Content-Type``."""
    written = {name.title(): value for name, value in headers.items()}
    return {**headers, **written}
