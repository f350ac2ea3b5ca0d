"""The Open Inference Protocol, version 2, with its binary extension, and KServe's version 1."""

import json

import numpy as np

from ... import libinfo
from .. import content
from .. import open_inference as tensors
from ..errors import RequestError
from .message import Response, json_response, parse_json
from .routes import Area, Route, Style

__all__ = ["routes"]

_LENGTH = "inference-header-content-length"


class _InferRequest:
    """The parts of a request for inference."""

    def __init__(self, request):
        body, length = request.body, request.headers.get(_LENGTH)
        self._binary = memoryview(b"")
        if length is not None:
            if not length.isdecimal() or int(length) > len(body):
                raise RequestError(400, f"{_LENGTH}={length} does not fit {len(body)} bytes")
            body, self._binary = body[: int(length)], memoryview(body)[int(length) :]
        document = parse_json(body)
        self.document = document = _object(document, "the body")
        self.inputs = {}
        for each in _list(document, "inputs"):
            name = _text(_object(each, "an input"), "name")
            if name in self.inputs:
                raise RequestError(400, f"input {name} is there twice")
            self.inputs[name] = self._tensor(name, each)
        if len(self._binary):
            raise RequestError(400, f"{len(self._binary)} bytes are left behind the last input")
        self.id = document.get("id")
        self.outputs = [_object(each, "an output") for each in _list(document, "outputs", [])]
        parameters = _object(document.get("parameters", {}), "parameters")
        self.is_binary = parameters.get("binary_data_output") is True

    def _tensor(self, name, document):
        datatype, shape = _text(document, "datatype"), document.get("shape")
        parameters = _object(document.get("parameters", {}), f"the parameters of input {name}")
        size = parameters.get("binary_data_size")
        if size is None:
            return tensors.from_list(_list(document, "data"), datatype, shape, name)
        if not isinstance(size, int) or not 0 <= size <= len(self._binary):
            raise RequestError(
                400, f"input {name}: binary_data_size={size}; {len(self._binary)} bytes are left"
            )
        data, self._binary = self._binary[:size], self._binary[size:]
        return tensors.from_bytes(data, datatype, shape, name)

    def wants_binary(self, output):
        """Whether an output is asked for in bytes."""
        parameters = _object(output.get("parameters", {}), "the parameters of an output")
        return parameters.get("binary_data", self.is_binary) is True


def _object(value, what):
    if not isinstance(value, dict):
        raise RequestError(400, f"{what} is no JSON object")
    return value


def _list(document, key, default=None):
    value = document.get(key, default)
    if not isinstance(value, list):
        raise RequestError(400, f"{key} is no list")
    return value


def _text(document, key):
    value = document.get(key)
    if not isinstance(value, str):
        raise RequestError(400, f"{key}={value!r} is no text")
    return value


def _answer(infer, version, outputs):
    """The answer to a request: JSON, and behind it the outputs that are asked for in bytes."""
    by_name = {output.get("name"): output for output in infer.outputs}
    described, pieces = [], []
    for number, name in tensors.output_infos(version.model, list(by_name)):
        array = outputs[number]
        document = {
            "name": name,
            "datatype": tensors.datatype_of(array.dtype),
            "shape": list(array.shape),
        }
        if infer.wants_binary(by_name.get(name, {})):
            data = tensors.to_bytes(array)
            document["parameters"] = {"binary_data_size": len(data)}
            pieces.append(data)
        else:
            document["data"] = array.ravel().tolist()
        described.append(document)
    document = {"model_name": version.name, "model_version": version.version, "outputs": described}
    if infer.id is not None:
        document["id"] = infer.id
    if not pieces:
        return json_response(document, model=version)
    head = json.dumps(document, separators=(",", ":")).encode()
    length = [(_LENGTH.encode(), str(len(head)).encode())]
    body = b"".join([head, *pieces])
    return Response(200, body, "application/octet-stream", length, version)


def _tensor_version(service, request):
    """The version that a request names, which must take tensors."""
    found = service.repository.get(request.parameters["model"], request.parameters.get("version"))
    if not found.model.takes_tensors:
        raise RequestError(400, f"model {found.name} has a handler, which has no tensors")
    return found


def routes(service):
    """The routes of both protocols."""
    repository = service.repository

    async def server_metadata(request):
        return json_response(
            {
                "name": "remx",
                "version": libinfo.__remx_version__,
                "extensions": ["binary_tensor_data", "model_repository"],
            }
        )

    async def live(request):
        return json_response({"live": True})

    async def ready(request):
        if not service.is_ready():
            raise RequestError(503, "not every model is ready", retry_after=1)
        return json_response({"ready": True})

    async def model_metadata(request):
        found = _tensor_version(service, request)
        return json_response(tensors.metadata(repository.versions(found.name), found))

    async def model_ready(request):
        found = repository.get(request.parameters["model"], request.parameters.get("version"))
        return json_response({"name": found.name, "ready": True})

    async def infer(request):
        parsed = _InferRequest(request)
        names = [_text(output, "name") for output in parsed.outputs]

        def inputs(model):
            tensors.output_infos(model, names)  # refuses what is unknown before it is computed
            return parsed.inputs

        parts = request.parameters
        version, outputs = await service.predict_tensors(
            parts["model"], parts.get("version"), inputs
        )
        return _answer(parsed, version, outputs)

    def route(method, path, handler, summary, body=None):
        return Route(method, path, handler, Area.INFERENCE, Style.PLAIN, summary, (), body)

    model, version = "/v2/models/{model}", "/v2/models/{model}/versions/{version}"
    return [
        route("GET", "/v2", server_metadata, "Name and version of the server."),
        route("GET", "/v2/health/live", live, "Whether the server answers."),
        route("GET", "/v2/health/ready", ready, "Whether every model takes requests."),
        route("GET", model, model_metadata, "Inputs and outputs of a model."),
        route("GET", version, model_metadata, "Inputs and outputs of a version."),
        route("GET", f"{model}/ready", model_ready, "Whether a model takes requests."),
        route("GET", f"{version}/ready", model_ready, "Whether a version takes requests."),
        route("POST", f"{model}/infer", infer, "Compute outputs of a model.", "InferRequest"),
        route("POST", f"{version}/infer", infer, "Compute outputs of a version.", "InferRequest"),
        *_version_1(service),
    ]


def _version_1(service):
    repository = service.repository

    async def models(request):
        return json_response({"models": repository.names()})

    async def ready(request):
        found = repository.get(request.parameters["model"])
        return json_response({"name": found.name, "ready": True})

    async def predict(request):
        name, colon, verb = request.parameters["model"].rpartition(":")
        if not colon or verb != "predict":
            raise RequestError(404, f"{request.path} is not there; /v1/models/NAME:predict is")
        document = _object(request.json(), "the body")
        version, outputs = await service.predict_tensors(
            name, None, lambda model: _instances(model, document)
        )
        return json_response({"predictions": _predictions(version.model, outputs)}, model=version)

    def route(method, path, handler, summary, body=None):
        return Route(method, path, handler, Area.INFERENCE, Style.PLAIN, summary, (), body)

    return [
        route("GET", "/v1/models", models, "Names of the models."),
        route("GET", "/v1/models/{model}", ready, "Whether a model takes requests."),
        route(
            "POST", "/v1/models/{model}", predict, "As /v1/models/NAME:predict.", "PredictRequest"
        ),
    ]


def _instances(model, document):
    """Inputs from instances, a list with an entry for each row, or from inputs by name."""
    if "instances" not in document:
        value = document.get("inputs")
        if isinstance(value, list):
            value = {model.inputs[0].name: value}
        return content.from_columns(model, _object(value, "instances or inputs"))
    instances = _list(document, "instances")
    if not instances:
        raise RequestError(400, "instances is empty; a row at least is expected")
    if not isinstance(instances[0], dict):
        name = model.inputs[0].name
        return {name: content.as_array(instances, name)}
    names = list(instances[0])
    for each in instances:
        if not isinstance(each, dict) or list(each) != names:
            raise RequestError(400, f"instances differ; the keys {', '.join(names)} are expected")
    return {name: content.as_array([row[name] for row in instances], name) for name in names}


def _predictions(model, outputs):
    """A list with an entry for each row: its output, or its outputs by name."""
    if len(outputs) == 1:
        return outputs[0].tolist()
    names = [info.name for info in model.outputs]
    rows = min(len(np.atleast_1d(output)) for output in outputs)
    lists = [output.tolist() for output in outputs]
    return [{name: values[row] for name, values in zip(names, lists)} for row in range(rows)]
