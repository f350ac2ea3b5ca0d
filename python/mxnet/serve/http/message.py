"""Requests and answers of HTTP."""

import json
import urllib.parse

from ..errors import RequestError

__all__ = ["Request", "Response", "json_response"]

JSON = "application/json"


class Request:
    """A request of HTTP.

    Attributes:
        method, path (str): Its first line.
        headers (dict of str to str): Names in small letters; of repeated ones the last.
        body (bytes): Its body, decompressed.
        parameters (dict of str to str): What the path holds, by the names in the route.
        id (str): Its identifier, from ``X-Request-Id`` or made.
    """

    __slots__ = ("method", "path", "headers", "body", "parameters", "id", "_query", "_raw_query")

    def __init__(self, scope, identifier):
        self.method, self.path = scope["method"], scope["path"]
        self.headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        self.id, self._raw_query, self._query = identifier, scope["query_string"], None
        self.body, self.parameters = b"", {}

    @property
    def query(self):
        """The parameters of the query (dict of str to str); of repeated ones the last."""
        if self._query is None:
            text = self._raw_query.decode("latin-1")
            self._query = dict(urllib.parse.parse_qsl(text, keep_blank_values=True))
        return self._query

    @property
    def content_type(self):
        """Type of the body without parameters, in small letters; "" if it is not said."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def json(self):
        """The body as a JSON document.

        Raises:
            RequestError: It is none.
        """
        return parse_json(self.body)

    def number(self, name, default, kind=int, least=0):
        """A number of the query.

        Raises:
            RequestError: It is no number, or less than `least`.
        """
        text = self.query.get(name)
        if text is None:
            return default
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not least <= value < 2**31:
            raise RequestError(400, f"{name}={text!r} is no number of at least {least}")
        return value

    def switch(self, name, default=False):
        """A switch of the query: true or false."""
        text = self.query.get(name)
        return default if text is None else text.lower() in ("true", "1")


def parse_json(text):
    """A JSON document from bytes.

    Raises:
        RequestError: It is none.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as cause:
        raise RequestError(400, f"the body is no JSON document ({cause})") from None


class Response:
    """An answer.

    Args:
        status (int): Its status.
        body (bytes): Its body.
        content_type (str): Type of the body; None without a body.
        headers (list of tuple of bytes): More headers.
        model (ModelVersion): Who has answered, for metrics; None if no model was asked.
    """

    __slots__ = ("status", "body", "content_type", "headers", "model")

    def __init__(self, status=200, body=b"", content_type=None, headers=(), model=None):
        self.status, self.body, self.content_type = status, body, content_type
        self.headers, self.model = headers, model


def json_response(document, status=200, headers=(), model=None):
    """A JSON document as an answer."""
    body = json.dumps(document, separators=(",", ":")).encode()
    return Response(status, body, JSON, headers, model)
