"""The extension of Open Inference that lists, loads and removes models."""

from .. import model_config
from ..errors import RequestError
from .message import json_response
from .routes import Area, Route, Style

__all__ = ["routes"]


def _parameters(request):
    """The parameters in the body of a request, which may be empty."""
    document = request.json() if request.body else {}
    parameters = document.get("parameters", {}) if isinstance(document, dict) else None
    if not isinstance(parameters, dict):
        raise RequestError(400, "the body is no JSON object with an object of parameters")
    return parameters


def routes(service):
    """The routes of the extension."""
    repository = service.repository

    async def index(request):
        return json_response(
            [
                {"name": each.name, "version": each.version, "state": each.state.value}
                for each in repository.all_versions()
            ]
        )

    async def load(request):
        name = request.parameters["model"]
        await model_config.load(service, name, _parameters(request))
        return json_response({"name": name})

    async def unload(request):
        repository.remove(request.parameters["model"])
        return json_response({"name": request.parameters["model"]})

    def route(path, handler, summary):
        return Route("POST", path, handler, Area.MANAGEMENT, Style.PLAIN, summary)

    model = "/v2/repository/models/{model}"
    return [
        route("/v2/repository/index", index, "The models and their states."),
        route(f"{model}/load", load, "Load a model of the store, or load it anew."),
        route(f"{model}/unload", unload, "Remove a model."),
    ]
