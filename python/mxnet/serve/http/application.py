"""The ASGI application: limits, routes, errors, metrics and logs around every request."""

import hmac
import itertools
import secrets
import time
import zlib

from ..errors import RequestError
from .message import Request, json_response
from .routes import Area, Style

__all__ = ["Application", "error_response"]

_TYPES = {
    400: "BadRequestException",
    404: "ModelNotFoundException",
    405: "MethodNotAllowedException",
    413: "RequestEntityTooLargeException",
    503: "ServiceUnavailableException",
    507: "InsufficientStorageException",
}
_WINDOWS = {"gzip": 31, "deflate": 15, "x-gzip": 31}
_LONGEST_ID = 128
_PREFIX, _NUMBERS = secrets.token_hex(4), itertools.count()  # asking for chance costs a system call
_BODIES = ("POST", "PUT", "PATCH")


class _Left(Exception):
    """The client has gone before its request was whole."""


class Application:
    """Answers requests on one port.

    Args:
        router (Router): What is answered.
        areas (set of Area): Which routes are answered here.
        service (Service): Who counts.
        settings (ServerSettings): Limits.
        log (EventLog): Where requests are logged.
    """

    def __init__(self, router, areas, service, settings, log):
        self._router, self._areas, self._settings = router, areas, settings
        self._metrics, self._log = service.metrics, log
        # SageMaker's requests that manage models bring no token; its network is the guard.
        self._token = None if settings.multi_model and Area.INFERENCE in areas else settings.token

    async def __call__(self, scope, receive, send):
        """Answer a request; the interface is that of ASGI."""
        if scope["type"] != "http":
            return
        start = time.perf_counter()
        identifier = _identifier(scope["headers"])
        style, error, is_whole = Style.PLAIN, None, False
        try:
            request = Request(scope, identifier)
            route = self._route(request)
            style = route.style
            request.body = await self._body(request, receive)
            is_whole = True
            response = await route.handler(request)
        except _Left:
            return
        except RequestError as cause:
            error, response = cause.message, error_response(cause, style)
        except Exception as cause:
            error = f"{type(cause).__name__}: {cause}"
            self._log.write("failure", request_id=identifier, error=error, trace=_trace(cause))
            response = error_response(
                RequestError(500, "the server failed; its log says why"), style
            )
        if not is_whole and scope["method"] in _BODIES:
            # What is left of the body would be taken for the next request.
            response.headers = [*response.headers, (b"connection", b"close")]
        await self._send(response, identifier, send)
        self._note(scope, response, identifier, time.perf_counter() - start, error)

    def _route(self, request):
        route, found = self._router.find(request.method, request.path)
        if route is None or route.area not in self._areas:
            if route is None and found:
                raise RequestError(405, f"{request.method} is not known here; {', '.join(found)}")
            raise RequestError(404, f"{request.path} is not there")
        if route.area is Area.MANAGEMENT:
            self._check_manager(request)
        request.parameters = found
        return route

    def _check_manager(self, request):
        """Refuse who may not manage models: no token, or a page of another site in a browser."""
        origin = request.headers.get("origin")
        if origin and origin.partition("://")[2] != request.headers.get("host"):
            raise RequestError(403, f"origin={origin} may not manage models")
        if self._token is not None:
            given = request.headers.get("authorization", "").encode()
            if not hmac.compare_digest(given, b"Bearer " + self._token.encode()):
                raise RequestError(401, "a token is expected, as Authorization: Bearer TOKEN")

    async def _body(self, request, receive):
        limit = self._settings.max_body
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > limit:
            raise RequestError(413, f"the body has {length} bytes; at most {limit} are expected")
        message = await receive()
        if message["type"] == "http.request" and not message["more_body"]:
            body = message["body"]
        else:
            body = await _rest(message, receive, limit)  # the listener gives slow ones up
        encoding = request.headers.get("content-encoding", "identity").lower()
        return body if encoding == "identity" else _decompress(body, encoding, limit)

    async def _send(self, response, identifier, send):
        headers = [
            (b"x-request-id", identifier.encode("latin-1")),
            (b"content-length", str(len(response.body)).encode()),
        ]
        if response.content_type is not None:
            headers.append((b"content-type", response.content_type.encode("latin-1")))
        headers.extend(response.headers)
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": response.body})

    def _note(self, scope, response, identifier, seconds, error):
        version = response.model
        self._metrics.request_done(version, response.status, seconds)
        # Overload and readiness are no failures of the server, and there may be many of them.
        if self._settings.access_log or (response.status >= 500 and response.status != 503):
            self._log.write(
                "request",
                request_id=identifier,
                method=scope["method"],
                path=scope["path"],
                status=response.status,
                ms=round(seconds * 1000, 3),
                model=version and version.name,
                version=version and version.version,
                bytes=len(response.body),
                error=error,
            )


def _identifier(headers):
    """The identifier that a client gave, if it can be written in a line, or a new one."""
    for name, value in headers:
        if name == b"x-request-id":
            text = value.decode("latin-1")
            if 0 < len(text) <= _LONGEST_ID and text.isascii() and text.isprintable():
                return text
    return f"{_PREFIX}{next(_NUMBERS):08x}"


async def _rest(message, receive, limit):
    parts, size = [], 0
    while True:
        if message["type"] == "http.disconnect":
            raise _Left
        parts.append(message["body"])
        size += len(message["body"])
        if size > limit:
            raise RequestError(413, f"the body is larger than {limit} bytes")
        if not message["more_body"]:
            return b"".join(parts)
        message = await receive()


def _decompress(body, encoding, limit):
    if encoding not in _WINDOWS:
        raise RequestError(415, f"content-encoding={encoding} is unknown; gzip is expected")
    unpacker = zlib.decompressobj(_WINDOWS[encoding])
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error as cause:
        raise RequestError(400, f"the body is not compressed as {encoding} ({cause})") from None
    if len(plain) > limit:
        raise RequestError(413, f"the body unpacks to more than {limit} bytes")
    if not unpacker.eof:
        raise RequestError(400, f"the body ends within its {encoding} data")
    return plain


def _trace(cause):
    import traceback

    return "".join(traceback.format_exception(type(cause), cause, cause.__traceback__))


def error_response(error, style):
    """The answer to a request that failed.

    Args:
        error (RequestError): Why.
        style (Style): The form of the body.
    """
    headers = []
    if error.retry_after is not None:
        headers.append((b"retry-after", str(error.retry_after).encode()))
    if error.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    document = {"error": error.message}
    if style is Style.MODEL_SERVER:
        kind = _TYPES.get(error.status, "InternalServerException")
        document = {"code": error.status, "type": kind, "message": error.message}
    return json_response(document, error.status, headers)
