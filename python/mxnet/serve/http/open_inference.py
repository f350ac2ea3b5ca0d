"""The Open Inference Protocol, version 2, with its binary extension, and KServe's version 1."""

import base64
import functools

import numpy as np

from ... import libinfo
from .. import content
from .. import open_inference as tensors
from ..errors import RequestError
from ..shared_memory import Place
from .infer_request import LENGTH, InferRequest, list_of, object_of
from .message import Response, encode_json, json_response
from .routes import Area, Route, Style

__all__ = ["routes"]


def _answer(infer, version, outputs, shared_memory):
    """The answer to a request: JSON, and behind it the outputs that are asked for in bytes."""
    wishes = [infer.tensors.wish(name) for name, _ in outputs]
    if all(_is_plain(wish) and _wants_bytes(infer, wish) for wish in wishes):
        return _answer_in_bytes(infer, version, outputs)
    described, pieces = [], []
    for (name, array), wish in zip(outputs, wishes):
        if wish.classes:
            array = tensors.classify(array, wish.classes, version.model.labels)
        document = _described(name, array.dtype, array.shape)
        if wish.place is not None:
            data = tensors.to_bytes(array)
            shared_memory.write(wish.place, data)
            place = Place(wish.place.region, wish.place.offset, len(data))
            document["parameters"] = place.parameters()
        elif _wants_bytes(infer, wish):
            pieces.append(tensors.to_bytes(array))
            document["parameters"] = {"binary_data_size": len(pieces[-1])}
        else:
            document["data"] = tensors.to_list(array, name)
        described.append(document)
    document = _document(version.name, version.version, infer.id, described)
    if not pieces:
        return json_response(document, model=version)
    return _with_bytes(encode_json(document), pieces, version)


def _is_plain(wish):
    return wish.place is None and not wish.classes


def _wants_bytes(infer, wish):
    return infer.is_binary if wish.is_binary is None else wish.is_binary is True


def _answer_in_bytes(infer, version, outputs):
    """The answer where all outputs are asked for in bytes; its JSON is mostly that of before."""
    pieces = [tensors.to_bytes(array) for _, array in outputs]
    sizes = tuple(
        (name, array.dtype, array.shape, len(piece))
        for (name, array), piece in zip(outputs, pieces)
    )
    # An identifier tells requests from each other, so that its JSON will not be wanted again.
    head_of = _head_of_bytes if infer.id is None else _head_of_bytes.__wrapped__
    return _with_bytes(head_of(version.name, version.version, infer.id, sizes), pieces, version)


@functools.lru_cache(maxsize=256)
def _head_of_bytes(name, version, identifier, sizes):
    described = [
        {**_described(output, dtype, shape), "parameters": {"binary_data_size": size}}
        for output, dtype, shape, size in sizes
    ]
    return encode_json(_document(name, version, identifier, described))


def _described(name, dtype, shape):
    return {"name": name, "datatype": tensors.datatype_of(dtype), "shape": list(shape)}


def _document(name, version, identifier, described):
    document = {"model_name": name, "model_version": version, "outputs": described}
    return document if identifier is None else {**document, "id": identifier}


def _with_bytes(head, pieces, version):
    length = [(LENGTH.encode(), str(len(head)).encode())]
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
        length = request.headers.get(LENGTH)
        parsed = InferRequest(request, length, service.shared_memory)
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
        document = object_of(request.json(), "the body")
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
        return content.from_columns(model, object_of(value, "instances or inputs"))
    instances = list_of(document, "instances")
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
