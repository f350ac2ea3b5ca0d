"""The Open Inference Protocol, version 2, with its binary extension, and KServe's version 1."""

import base64

import numpy as np

from ... import libinfo
from .. import content
from .. import open_inference as tensors
from ..errors import RequestError
from ..shared_memory import Place
from .message import Response, encode_json, json_response, parse_head, parse_json
from .routes import Area, Route, Style

__all__ = ["routes"]

_LENGTH = "inference-header-content-length"


class _InferRequest:
    """The parts of a request for inference.

    Attributes:
        tensors (TensorRequest): What is asked.
        id: Its identifier as it came; None if it has none.
        is_binary (bool): Whether outputs are wanted in bytes that do not say otherwise.
    """

    def __init__(self, request, shared_memory):
        body, length = request.body, request.headers.get(_LENGTH)
        self._shared_memory, self._binary = shared_memory, memoryview(b"")
        if length is not None:
            if not length.isdecimal() or int(length) > len(body):
                raise RequestError(400, f"{_LENGTH}={length} does not fit {len(body)} bytes")
            body, self._binary = memoryview(body)[: int(length)], memoryview(body)[int(length) :]
        document = parse_json(body) if length is None else parse_head(body)
        document = _object(document, "the body")
        inputs, kinds = {}, {}
        for each in _list(document, "inputs"):
            name = _text(_object(each, "an input"), "name")
            if name in inputs:
                raise RequestError(400, f"input {name} is there twice")
            inputs[name] = self._tensor(name, each, kinds)
        if len(self._binary):
            raise RequestError(400, f"{len(self._binary)} bytes are left behind the last input")
        self.id = document.get("id")
        parameters = _parameters(document, "the body")
        tensors.check_parameters(parameters)
        self.is_binary = parameters.get("binary_data_output") is True
        outputs = [_wish(each, shared_memory) for each in _list(document, "outputs", [])]
        self.tensors = tensors.TensorRequest(inputs, kinds, outputs, request.id)

    def _tensor(self, name, document, kinds):
        datatype, shape = _text(document, "datatype"), document.get("shape")
        parameters = _parameters(document, f"input {name}")
        kind = parameters.get("content_type")
        if kind is not None:
            kinds[name] = str(kind)
        size = parameters.get("binary_data_size")
        if size is not None:
            return tensors.from_bytes(self._bytes(name, size), datatype, shape, name)
        place = Place.of(parameters, f"input {name}")
        if place is None:
            return tensors.from_list(_list(document, "data"), datatype, shape, name)
        if "data" in document:
            raise RequestError(400, f"input {name} has data and lies in shared memory too")
        return tensors.from_bytes(self._shared_memory.read(place), datatype, shape, name)

    def _bytes(self, name, size):
        if not isinstance(size, int) or not 0 <= size <= len(self._binary):
            raise RequestError(
                400, f"input {name}: binary_data_size={size}; {len(self._binary)} bytes are left"
            )
        data, self._binary = self._binary[:size], self._binary[size:]
        return data


def _wish(document, shared_memory):
    name = _text(_object(document, "an output"), "name")
    wish = tensors.OutputWish(name, _parameters(document, f"output {name}"))
    if wish.place is not None:
        shared_memory.check(wish.place)  # before anything is computed
    return wish


def _parameters(document, what):
    return _object(document.get("parameters", {}), f"parameters of {what}")


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


def _answer(infer, version, outputs, shared_memory):
    """The answer to a request: JSON, and behind it the outputs that are asked for in bytes."""
    described, pieces = [], []
    for name, array in outputs:
        wish = infer.tensors.wish(name)
        if wish.classes:
            array = tensors.classify(array, wish.classes, version.model.labels)
        document = {
            "name": name,
            "datatype": tensors.datatype_of(array.dtype),
            "shape": list(array.shape),
        }
        if wish.place is not None:
            data = tensors.to_bytes(array)
            shared_memory.write(wish.place, data)
            place = Place(wish.place.region, wish.place.offset, len(data))
            document["parameters"] = place.parameters()
        elif infer.is_binary if wish.is_binary is None else wish.is_binary is True:
            data = tensors.to_bytes(array)
            document["parameters"] = {"binary_data_size": len(data)}
            pieces.append(data)
        else:
            document["data"] = tensors.to_list(array, name)
        described.append(document)
    document = {"model_name": version.name, "model_version": version.version, "outputs": described}
    if infer.id is not None:
        document["id"] = infer.id
    if not pieces:
        return json_response(document, model=version)
    head = encode_json(document)
    length = [(_LENGTH.encode(), str(len(head)).encode())]
    body = b"".join([head, *pieces])
    return Response(200, body, "application/octet-stream", length, version)


def routes(service):
    """The routes of both protocols."""
    repository = service.repository

    async def server_metadata(request):
        return json_response(
            {
                "name": "remx",
                "version": libinfo.__remx_version__,
                "extensions": ["binary_tensor_data", *tensors.extensions(service)],
            }
        )

    async def live(request):
        return json_response({"live": True})

    async def ready(request):
        if not service.is_ready():
            raise RequestError(503, "not every model is ready", retry_after=1)
        return json_response({"ready": True})

    async def model_metadata(request):
        found = repository.get(request.parameters["model"], request.parameters.get("version"))
        return json_response(tensors.metadata(repository.versions(found.name), found))

    async def model_ready(request):
        found = repository.get(request.parameters["model"], request.parameters.get("version"))
        return json_response({"name": found.name, "ready": True})

    async def infer(request):
        parsed = _InferRequest(request, service.shared_memory)
        parts = request.parameters
        version, outputs = await service.predict_tensors(
            parts["model"], parts.get("version"), lambda model: parsed.tensors
        )
        return _answer(parsed, version, outputs, service.shared_memory)

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
        return json_response({"predictions": _predictions(outputs)}, model=version)

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
    """A request from instances, a list with an entry for each row, or from inputs by name."""
    if not model.takes_tensors:
        raise RequestError(
            400,
            f"model {model.files.name} has a handler; /v2/models/{model.files.name}/infer, "
            "/invocations or /predictions is expected",
        )
    return tensors.TensorRequest(_columns(model, document))


def _columns(model, document):
    if "instances" not in document:
        value = document.get("inputs")
        if isinstance(value, list):
            value = {model.inputs[0].name: value}
        return content.from_columns(model, _object(value, "instances or inputs"))
    instances = _list(document, "instances")
    if not instances:
        raise RequestError(400, "instances is empty; a row at least is expected")
    if not isinstance(instances[0], dict) or _is_encoded(instances[0]):
        name = model.inputs[0].name
        return {name: _column(instances, name)}
    names = list(instances[0])
    for each in instances:
        if not isinstance(each, dict) or list(each) != names:
            raise RequestError(400, f"instances differ; the keys {', '.join(names)} are expected")
    return {name: _column([row[name] for row in instances], name) for name in names}


def _is_encoded(value):
    """Whether a value is bytes, as version 1 of the protocol writes them."""
    return isinstance(value, dict) and list(value) == ["b64"]


def _column(values, name):
    if not _is_encoded(values[0]):
        return content.as_array(values, name)
    try:
        elements = [base64.b64decode(each["b64"], validate=True) for each in values]
    except (TypeError, KeyError, ValueError) as cause:
        raise RequestError(400, f"input {name} is not encoded as base64 ({cause})") from None
    return tensors.texts(elements, (len(elements),))


def _predictions(outputs):
    """A list with an entry for each row: its output, or its outputs by name."""
    if len(outputs) == 1:
        return outputs[0][1].tolist()
    rows = min(len(np.atleast_1d(output)) for _, output in outputs)
    lists = [(name, output.tolist()) for name, output in outputs]
    return [{name: values[row] for name, values in lists} for row in range(rows)]
