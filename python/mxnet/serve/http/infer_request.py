"""What a request of the Open Inference Protocol asks for: JSON, and the bytes behind it."""

import functools

from .. import open_inference as tensors
from ..errors import RequestError
from ..shared_memory import Place
from .message import parse_json

__all__ = ["LENGTH", "InferRequest", "is_in_bytes", "object_of", "list_of"]

LENGTH = "inference-header-content-length"  # of the JSON before tensors in bytes
_LONGEST_KEPT = 2048


def is_in_bytes(request):
    """Whether a request brings tensors in bytes."""
    return LENGTH in request.headers


class _Input:
    """What the JSON says of an input."""

    __slots__ = ("name", "kind", "size", "place", "data", "datatype", "shape", "layout")

    def __init__(self, document):
        self.name = name = _text(object_of(document, "an input"), "name")
        self.datatype, self.shape = _text(document, "datatype"), document.get("shape")
        parameters = _parameters(document, f"input {name}")
        self.kind = parameters.get("content_type")
        self.size = parameters.get("binary_data_size")
        self.place = self.data = self.layout = None
        if self.size is None:
            self.place = Place.of(parameters, f"input {name}")
        if self.size is None and self.place is None:
            self.data = list_of(document, "data")
        else:
            self.layout = tensors.TensorLayout(self.datatype, self.shape, name)
        if self.place is not None and "data" in document:
            raise RequestError(400, f"input {name} has data and lies in shared memory too")


class _Head:
    """What the JSON of a request says. Requests with equal texts share one: nobody changes it."""

    __slots__ = ("inputs", "kinds", "outputs", "id", "is_binary")

    def __init__(self, document):
        document = object_of(document, "the body")
        self.inputs, self.kinds = [_Input(each) for each in list_of(document, "inputs")], {}
        names = set()
        for each in self.inputs:
            if each.name in names:
                raise RequestError(400, f"input {each.name} is there twice")
            names.add(each.name)
            if each.kind is not None:
                self.kinds[each.name] = str(each.kind)
        self.id = document.get("id")
        parameters = _parameters(document, "the body")
        tensors.check_parameters(parameters)
        self.is_binary = parameters.get("binary_data_output") is True
        self.outputs = [_wish(each) for each in list_of(document, "outputs", [])]


@functools.lru_cache(maxsize=256)
def _known_head(text):
    return _Head(parse_json(text))


class InferRequest:
    """A request with its tensors.

    Args:
        request (Request): The request of HTTP.
        length (str): Bytes of the JSON before the tensors, as a header tells it; None where there
            are none behind it.
        shared_memory (SharedMemory): Where tensors lie that the JSON does not hold.

    Attributes:
        tensors (TensorRequest): What is asked.
        id: Its identifier as it came; None if it has none.
        is_binary (bool): Whether outputs are wanted in bytes that do not say otherwise.

    Raises:
        RequestError: It is damaged, or asks for what is not there.
    """

    __slots__ = ("tensors", "id", "is_binary")

    def __init__(self, request, length, shared_memory):
        body, binary = request.body, memoryview(b"")
        if length is None:
            head = _Head(parse_json(body))
        else:
            if not length.isdecimal() or int(length) > len(body):
                raise RequestError(
                    400, f"inference-header-content-length={length} does not fit {len(body)} bytes"
                )
            body = memoryview(body)
            text, binary = bytes(body[: int(length)]), body[int(length) :]
            # A client may send the same JSON with every request.
            head = _known_head(text) if len(text) <= _LONGEST_KEPT else _Head(parse_json(text))
        inputs = {}
        for each in head.inputs:
            if each.size is None:
                inputs[each.name] = _from_elsewhere(each, shared_memory)
                continue
            if not isinstance(each.size, int) or not 0 <= each.size <= len(binary):
                text = f"binary_data_size={each.size}; {len(binary)} bytes are left"
                raise RequestError(400, f"input {each.name}: {text}")
            inputs[each.name] = each.layout.read(binary[: each.size])
            binary = binary[each.size :]
        if len(binary):
            raise RequestError(400, f"{len(binary)} bytes are left behind the last input")
        for wish in head.outputs:
            if wish.place is not None:
                shared_memory.check(wish.place)  # before anything is computed
        self.id, self.is_binary = head.id, head.is_binary
        self.tensors = tensors.TensorRequest(inputs, head.kinds, head.outputs, request.id)


def _from_elsewhere(given, shared_memory):
    """An input that the JSON holds, or shared memory."""
    if given.place is None:
        return tensors.from_list(given.data, given.datatype, given.shape, given.name)
    return given.layout.read(shared_memory.read(given.place))


def _wish(document):
    name = _text(object_of(document, "an output"), "name")
    return tensors.OutputWish(name, _parameters(document, f"output {name}"))


def _parameters(document, what):
    return object_of(document.get("parameters", {}), f"parameters of {what}")


def object_of(value, what):
    """A value that has to be an object of JSON.

    Raises:
        RequestError: It is none.
    """
    if not isinstance(value, dict):
        raise RequestError(400, f"{what} is no JSON object")
    return value


def list_of(document, key, default=None):
    """An entry that has to be a list.

    Raises:
        RequestError: It is none.
    """
    value = document.get(key, default)
    if not isinstance(value, list):
        raise RequestError(400, f"{key} is no list")
    return value


def _text(document, key):
    value = document.get(key)
    if not isinstance(value, str):
        raise RequestError(400, f"{key}={value!r} is no text")
    return value
