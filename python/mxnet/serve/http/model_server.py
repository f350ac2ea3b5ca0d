"""The inference and management protocols of Multi Model Server, and the description of all."""

import asyncio

from ..errors import RequestError
from ..service import Raw
from .description import describe
from .forms import parts_of
from .message import json_response
from .routes import Area, Query, Route, Style
from .sagemaker import answer_raw

__all__ = ["routes"]

_PAGE = 100


def routes(service):
    """The routes of both protocols."""
    return [*_inference(service), *_management(service)]


def _inference(service):
    async def predict(request):
        raw = Raw(parts_of(request), request.headers, request.id)
        parts = request.parameters
        return await answer_raw(
            service,
            parts["model"],
            parts.get("version"),
            raw,
            request.headers.get("accept", ""),
            names_classes=True,
        )

    def route(method, path, handler, summary):
        return Route(method, path, handler, Area.INFERENCE, Style.MODEL_SERVER, summary)

    return [
        route("POST", "/predictions/{model}", predict, "Predict with a model."),
        route("GET", "/predictions/{model}", predict, "Predict with a model, by the query."),
        route("PUT", "/predictions/{model}", predict, "Predict with a model (curl -T)."),
        route("POST", "/predictions/{model}/{version}", predict, "Predict with a version."),
        route("POST", "/{model}/predict", predict, "Predict with a model, as before version 1.0."),
    ]


def _summary(version):
    return {"modelName": version.name, "modelUrl": version.model.files.path}


def _details(version):
    """What is told about a model; the names are those of Multi Model Server."""
    settings = version.settings
    return {
        **_summary(version),
        "modelVersion": version.version,
        "engine": "MXNet",
        "runtime": "python",
        "minWorkers": settings.workers,
        "maxWorkers": settings.workers,
        "batchSize": version.model.max_rows,
        "maxBatchDelay": round(settings.max_delay * 1000),
        "status": version.state.value,
        "workers": [
            {"id": str(number), "status": version.state.value, "gpu": settings.device != "cpu"}
            for number in range(settings.workers)
        ],
    }


class _Registration:
    """What a request to register a model asks for: by its query, or as SageMaker by its body."""

    def __init__(self, request):
        document = {}
        if request.content_type == "application/json" and request.body:
            document = request.json()
            if not isinstance(document, dict):
                raise RequestError(400, "the body is no JSON object")
        self.url = request.query.get("url") or document.get("url")
        self.name = request.query.get("model_name") or document.get("model_name")
        if not self.url or not isinstance(self.url, str):
            raise RequestError(400, "url is missing; the path of a model in the store is expected")
        self.workers = request.number("initial_workers", 0)
        batch = request.number("batch_size", None, least=1)
        self.changes = {
            "handler": request.query.get("handler"),
            "workers": self.workers or None,
            "max_batch": batch,
            "handler_batch": batch,
            "max_delay": request.number("max_batch_delay", None, lambda text: int(text) / 1000),
            "timeout": request.number("response_timeout", None, float, 1),
        }


_REGISTRATION = (
    Query("url", "string", True),
    Query("model_name", "string"),
    Query("handler", "string"),
    Query("runtime", "string"),
    Query("batch_size", "integer"),
    Query("max_batch_delay", "integer"),
    Query("response_timeout", "integer"),
    Query("initial_workers", "integer"),
    Query("synchronous", "boolean"),
)
_SCALING = (
    Query("min_worker", "integer"),
    Query("max_worker", "integer"),
    Query("synchronous", "boolean"),
)


def _management(service):
    repository, waiting = service.repository, set()

    async def register(request):
        wanted = _Registration(request)
        if wanted.name in repository.names():
            raise RequestError(409, f"model {wanted.name} is there already")
        versions = await service.load(wanted.url, wanted.name, **wanted.changes)
        done = "Workers scaled" if wanted.workers else f'Model "{versions[0].name}" registered'
        return json_response({"status": done})

    async def scale(request):
        found = repository.get(request.parameters["model"], request.parameters.get("version"))
        workers = request.number("min_worker", 1, least=1)
        request.number("max_worker", workers, least=workers)
        scaling = asyncio.ensure_future(service.scale(found, workers))
        if request.switch("synchronous"):
            await scaling
            return json_response({"status": "Workers scaled"})
        waiting.add(scaling)
        scaling.add_done_callback(lambda done: (waiting.discard(done), done.exception()))
        return json_response({"status": "Processing worker updates..."}, 202)

    async def details(request):
        return json_response(_details(repository.get(request.parameters["model"])))

    async def remove(request):
        name = request.parameters["model"]
        repository.remove(name, request.parameters.get("version"))
        return json_response({"status": f'Model "{name}" unregistered'})

    async def models(request):
        limit, start = request.number("limit", _PAGE, least=1), request.number("next_page_token", 0)
        names = repository.names()
        document = {"models": [_summary(each) for each in service.defaults(names[start:][:limit])]}
        if start + limit < len(names):
            document["nextPageToken"] = str(start + limit)
        return json_response(document)

    async def description(request):
        return json_response(describe(service.described_routes))

    def route(method, path, handler, summary, query=(), area=Area.MANAGEMENT):
        return Route(method, path, handler, area, Style.MODEL_SERVER, summary, query)

    paging = (Query("limit", "integer"), Query("next_page_token", "integer"))
    return [
        route("POST", "/models", register, "Load a model of the store.", _REGISTRATION),
        route("GET", "/models", models, "Names and paths of the models.", paging),
        route("GET", "/models/{model}", details, "What a model is and how it is run."),
        route("PUT", "/models/{model}", scale, "Set the number of workers.", _SCALING),
        route("DELETE", "/models/{model}", remove, "Remove a model."),
        route("DELETE", "/models/{model}/{version}", remove, "Remove a version of a model."),
        route("OPTIONS", "/", description, "This description.", area=Area.INFERENCE),
        route("GET", "/api-description", description, "This description.", area=Area.INFERENCE),
    ]
