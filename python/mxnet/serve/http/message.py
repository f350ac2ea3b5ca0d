"""Requests and answers of HTTP."""

import http
import itertools
import json
import secrets
import time
import urllib.parse

import httptools

from ..errors import RequestError

__all__ = [
    "Request",
    "Response",
    "encode_json",
    "head_of",
    "json_response",
    "parse_json",
    "rest_of_head",
]

JSON = "application/json"
_LONGEST_ID = 128
_PREFIX, _NUMBERS = secrets.token_hex(4), itertools.count()  # asking for chance costs a system call
_LINES = {each.value: f"HTTP/1.1 {each.value} {each.phrase}".encode() for each in http.HTTPStatus}
_BODILESS = (204, 304)
_encode = json.JSONEncoder(separators=(",", ":")).encode


class Request:
    """A request of HTTP.

    Args:
        method (str): Its method.
        target (bytes): What its first line asks for.
        headers (dict of str to str): Names in small letters; of repeated ones the last. Nobody
            changes them, nor `parameters`: requests with equal heads share them.

    Attributes:
        path (str): The path of its address.
        body (bytes or memoryview): Its body, decompressed; large ones are memory of their own.
        parameters (dict of str to str): What the path holds, by the names in the route.
        id (str): Its identifier, from ``X-Request-Id`` or made.
        start (float): When its head was there, of `time.perf_counter`.
        route (Route): What answers it; None before it is found.
        refusal (RequestError): Why it gets no other answer; None if it does.
    """

    __slots__ = (
        "method", "path", "headers", "body", "parameters", "id", "start", "route", "refusal",
        "_query", "_raw_query",
    )  # fmt: skip

    def __init__(self, method, target, headers):
        self.method, self.headers = method, headers
        self.start = time.perf_counter()
        self.id = _identifier(headers)
        self.route = self.refusal = self._query = None
        self.body, self.parameters = b"", {}
        try:
            path, self._raw_query = _split(target)
        except httptools.HttpParserInvalidURLError:
            path, self._raw_query = b"", b""
            self.refusal = RequestError(400, "the first line holds no address")
        self.path = path.decode("latin-1")
        if "%" in self.path:
            self.path = urllib.parse.unquote(self.path)

    def again(self):
        """Another request with the same head, without a body."""
        other = Request.__new__(Request)
        other.method, other.path, other.headers = self.method, self.path, self.headers
        other.route, other.parameters, other.refusal = self.route, self.parameters, self.refusal
        other._raw_query, other._query = self._raw_query, self._query
        other.start, other.body = time.perf_counter(), b""
        other.id = _identifier(self.headers)
        return other

    @property
    def length(self):
        """Bytes of its body as its head tells it; 0 where it does not."""
        return int(self.headers.get("content-length", 0))

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


def _split(target):
    """Path and query of an address, which proxies write in full."""
    if not target.startswith(b"/"):
        parsed = httptools.parse_url(target)
        return parsed.path or b"/", parsed.query or b""
    path, _, query = target.partition(b"?")
    return path, query


def _identifier(headers):
    """The identifier that a client gave, if it can be written in a line, or a new one."""
    text = headers.get("x-request-id", "")
    if 0 < len(text) <= _LONGEST_ID and text.isascii() and text.isprintable():
        return text
    return f"{_PREFIX}{next(_NUMBERS):08x}"


def parse_json(text):
    """A JSON document from bytes or a memoryview.

    Raises:
        RequestError: It is none.
    """
    try:
        return json.loads(bytes(text))
    except (ValueError, RecursionError) as cause:
        raise RequestError(400, f"the body is no JSON document ({cause})") from None


def encode_json(document):
    """The bytes of a JSON document."""
    return _encode(document).encode()


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

    @property
    def has_body(self):
        """Whether answers with this status have a body."""
        return self.status not in _BODILESS


def json_response(document, status=200, headers=(), model=None):
    """A JSON document as an answer."""
    return Response(status, encode_json(document), JSON, headers, model)


def head_of(response, identifier, date, is_last):
    """The head of an answer, with the empty line behind it.

    Args:
        response (Response): The answer.
        identifier (str): Identifier of its request.
        date (bytes): The time, as HTTP writes it.
        is_last (bool): Whether the connection ends with it.
    """
    first = _LINES.get(response.status) or f"HTTP/1.1 {response.status} ".encode()
    rest = rest_of_head(response, is_last)
    return b"%b\r\ndate: %b\r\nx-request-id: %b\r\n%b" % (
        first,
        date,
        identifier.encode("latin-1"),
        rest,
    )


def rest_of_head(response, is_last):
    """What stands in the head of an answer behind the identifier, with the empty line."""
    lines = []
    if response.has_body:
        lines.append(b"content-length: %d" % len(response.body))
    if response.content_type is not None:
        lines.append(b"content-type: " + response.content_type.encode("latin-1"))
    for pair in response.headers:
        lines.append(b"%b: %b" % pair)
    if is_last:
        lines.append(b"connection: close")
    lines.append(b"\r\n")
    return b"\r\n".join(lines)
