"""What is around every request: limits, routes, errors, metrics and logs."""

import hmac
import time
import types
import zlib

from ..errors import RequestError
from .message import json_response
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

    def admit(self, request):
        """Look at the head of a request; the body of one that is refused is not waited for.

        Args:
            request (Request): The request, which gets its route or its refusal.

        Returns:
            bool: Whether it is answered by its route.
        """
        try:
            if request.refusal is None:
                request.route = self._route(request)
                self._check_length(request)
        except RequestError as cause:
            request.refusal = cause
        return request.refusal is None

    async def answer(self, request):
        """The answer to a request that is whole or refused. Never raises.

        Args:
            request (Request): The request.

        Returns:
            Response: The answer.
        """
        error = None
        style = Style.PLAIN if request.route is None else request.route.style
        try:
            if request.refusal is not None:
                raise request.refusal
            self._unpack(request)
            response = await request.route.handler(request)
        except RequestError as cause:
            error, response = cause.message, error_response(cause, style)
        except Exception as cause:
            error = f"{type(cause).__name__}: {cause}"
            self._log.write("failure", request_id=request.id, error=error, trace=_trace(cause))
            response = error_response(
                RequestError(500, "the server failed; its log says why"), style
            )
        self._note(request, response, error)
        return response

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

    def _check_length(self, request):
        limit = self._settings.max_body
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > limit:
            raise RequestError(413, f"the body has {length} bytes; at most {limit} are expected")

    def _unpack(self, request):
        encoding = request.headers.get("content-encoding", "identity").lower()
        if encoding != "identity":
            request.body = _decompress(request.body, encoding, self._settings.max_body)

    def note_failure(self, identifier, version, response, failure, since):
        """Count and log a request that the express lane took and that has failed.

        Args:
            identifier (str): Its identifier.
            version (ModelVersion): Who was asked; None if it has gone.
            response (Response): Its answer.
            failure (RequestError): Why.
            since (float): When it came, by the monotonic clock, which is that of `Request.start`.
        """
        path = f"/v2/models/{version.name}/infer" if version else "/v2/models"
        request = types.SimpleNamespace(id=identifier, method="POST", path=path, start=since)
        response.model = version
        self._note(request, response, failure.message)

    def _note(self, request, response, error):
        version, seconds = response.model, time.perf_counter() - request.start
        self._metrics.request_done(version, response.status, seconds)
        # Overload and readiness are no failures of the server, and there may be many of them.
        if self._settings.access_log or (response.status >= 500 and response.status != 503):
            self._log.write(
                "request",
                request_id=request.id,
                method=request.method,
                path=request.path,
                status=response.status,
                ms=round(seconds * 1000, 3),
                model=version and version.name,
                version=version and version.version,
                bytes=len(response.body),
                error=error,
            )


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
