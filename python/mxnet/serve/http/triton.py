"""Triton's extensions of the Open Inference Protocol: statistics, configuration, shared memory."""

from .. import model_config, triton
from ..errors import RequestError
from .message import json_response
from .routes import Area, Route, Style

__all__ = ["routes"]

_SYSTEM, _CUDA = "/v2/systemsharedmemory", "/v2/cudasharedmemory"


def _route(method, path, handler, summary):
    return Route(method, path, handler, Area.INFERENCE, Style.PLAIN, summary)


def routes(service):
    """The routes of the extensions."""
    return [*_models(service), *_shared_memory(service), *_gpu_memory(service), *_settings()]


def _models(service):
    async def statistics(request):
        found = triton.statistics(
            service.repository, request.parameters.get("model"), request.parameters.get("version")
        )
        return json_response({"model_stats": found})

    async def config(request):
        parts = request.parameters
        found = service.repository.get(parts["model"], parts.get("version"))
        return json_response(model_config.describe(found))

    model, version = "/v2/models/{model}", "/v2/models/{model}/versions/{version}"
    return [
        _route("GET", "/v2/models/stats", statistics, "What all models have done."),
        _route("GET", f"{model}/stats", statistics, "What a model has done."),
        _route("GET", f"{version}/stats", statistics, "What a version has done."),
        _route("GET", f"{model}/config", config, "Configuration of a model."),
        _route("GET", f"{version}/config", config, "Configuration of a version."),
    ]


def _shared_memory(service):
    memory = service.shared_memory

    async def status(request):
        return json_response(memory.describe(request.parameters.get("region")))

    async def register(request):
        memory.check_allowed()
        document = request.json()
        if not isinstance(document, dict):
            raise RequestError(400, "the body is no JSON object")
        memory.register(
            request.parameters["region"],
            document.get("key"),
            document.get("offset", 0),
            document.get("byte_size"),
        )
        return json_response({})

    async def unregister(request):
        memory.unregister(request.parameters.get("region"))
        return json_response({})

    region = f"{_SYSTEM}/region/{{region}}"
    return [
        _route("GET", f"{_SYSTEM}/status", status, "Shared memory of clients."),
        _route("GET", f"{region}/status", status, "A region of shared memory."),
        _route("POST", f"{region}/register", register, "Take a region of shared memory."),
        _route("POST", f"{region}/unregister", unregister, "Forget a region of shared memory."),
        _route("POST", f"{_SYSTEM}/unregister", unregister, "Forget all shared memory."),
    ]


def _gpu_memory(service):
    """There is no shared memory of GPUs: its list is empty, and nothing can be added."""

    async def status(request):
        service.shared_memory.check_allowed()
        return json_response([])

    async def unregister(request):
        service.shared_memory.check_allowed()
        return json_response({})

    async def register(request):
        raise triton.no_gpu_memory()

    region = f"{_CUDA}/region/{{region}}"
    return [
        _route("GET", f"{_CUDA}/status", status, "Shared memory of GPUs: none."),
        _route("GET", f"{region}/status", status, "Shared memory of GPUs: none."),
        _route("POST", f"{region}/register", register, "Refused: no memory of GPUs is shared."),
        _route("POST", f"{region}/unregister", unregister, "There is nothing to forget."),
        _route("POST", f"{_CUDA}/unregister", unregister, "There is nothing to forget."),
    ]


def _settings():
    async def trace(request):
        raise triton.no_trace_settings()

    async def log(request):
        raise triton.no_log_settings()

    places = [
        ("/v2/trace/setting", trace),
        ("/v2/models/{model}/trace/setting", trace),
        ("/v2/logging", log),
    ]
    return [
        _route(method, path, handler, "Refused: requests change no settings.")
        for path, handler in places
        for method in ("GET", "POST")
    ]
