"""For people and for those who watch: a page, the state of the models, metrics."""

import asyncio
from importlib import resources

from .message import Response, json_response
from .routes import Area, Route, Style

__all__ = ["routes"]

_POLICY = (
    b"default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; "
    b"img-src 'self' blob: data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)
_SAFE = [(b"content-security-policy", _POLICY), (b"x-content-type-options", b"nosniff")]


def _file(name):
    return (resources.files(__package__) / name).read_bytes()


def routes(service):
    """The routes."""
    repository = service.repository

    async def page(request):
        return Response(200, _file("page.html"), "text/html; charset=utf-8", _SAFE)

    async def script(request):
        return Response(200, _file("page.js"), "text/javascript; charset=utf-8", _SAFE)

    async def status(request):
        return json_response({"ready": service.is_ready(), "models": _models(repository)})

    async def metrics(request):
        # The first time the library is loaded, for which nobody else should wait.
        return Response(200, *await asyncio.to_thread(service.metrics.render))

    def route(path, handler, summary):
        return Route("GET", path, handler, Area.INFERENCE, Style.PLAIN, summary)

    return [
        route("/", page, "A page for people."),
        route("/page.js", script, "The program of the page."),
        route("/status", status, "State and latency of every version."),
        route("/metrics", metrics, "Figures for Prometheus."),
    ]


def _models(repository):
    by_name = {}
    for each in repository.all_versions():
        by_name.setdefault(each.name, []).append(each)
    return [
        {
            "name": name,
            "versions": [each.describe() for each in versions],
            "tensors": versions[-1].model.takes_tensors,
            "inputs": [
                {"name": info.name, "dtype": str(info.dtype), "shape": info.shape}
                for info in versions[-1].model.inputs
            ],
            "pictures": getattr(versions[-1].model, "pictures", None) is not None,
            "labels": versions[-1].model.labels,
        }
        for name, versions in sorted(by_name.items())
    ]
