"""The protocol of SageMaker's containers: /ping, /invocations, endpoints with many models."""

import itertools

from ..errors import RequestError
from ..service import Raw
from .message import Response, json_response
from .routes import Area, Route, Style

__all__ = ["answer_raw", "routes"]


async def answer_raw(service, name, version, raw, accept, names_classes=False):
    """The answer to a request as it came, as an answer of HTTP; see `Service.predict_raw`."""
    found, status, body, kind, headers = await service.predict_raw(
        name, version, raw, accept, names_classes
    )
    pairs = [(key.lower().encode("latin-1"), value.encode("latin-1")) for key, value in headers]
    for text in itertools.chain([(kind or "").encode("latin-1")], *pairs):
        if b"\r" in text or b"\n" in text:  # what a handler made would begin another header
            raise RequestError(500, f"{found.name}: a header of its handler's answer has two lines")
    return Response(status, body, kind, pairs, found)


def _model_of(request):
    """The model that a request names in a header, as SageMaker does; None if it names none."""
    target = request.headers.get("x-amzn-sagemaker-target-model")
    return target.rpartition("/")[2] if target else None


def routes(service):
    """The routes of the protocol."""

    async def ping(request):
        if not service.is_ready():
            raise RequestError(503, "not every model is ready", retry_after=1)
        return json_response({"status": "Healthy"})

    async def invocations(request):
        name = request.parameters.get("model") or _model_of(request)
        accept = request.headers.get("accept", "")
        return await answer_raw(service, name, None, Raw.of(request), accept)

    async def stream(request):
        raise RequestError(400, "answers come whole, not as a stream; invoke_endpoint is expected")

    async def later(request):
        raise RequestError(
            400, "answers come at once, not to an object store; invoke_endpoint is expected"
        )

    def route(method, path, handler, summary):
        return Route(method, path, handler, Area.INFERENCE, Style.MODEL_SERVER, summary)

    return [
        route("GET", "/ping", ping, "Whether every model takes requests."),
        route("POST", "/invocations", invocations, "Predict with the only model."),
        route("POST", "/endpoints/{model}/invocations", invocations, "Predict with a model."),
        route("POST", "/models/{model}/invoke", invocations, "Predict with one of many models."),
        route(
            "POST",
            "/endpoints/{model}/invocations-response-stream",
            stream,
            "Refused: answers come whole.",
        ),
        route(
            "POST", "/endpoints/{model}/async-invocations", later, "Refused: answers come at once."
        ),
    ]
