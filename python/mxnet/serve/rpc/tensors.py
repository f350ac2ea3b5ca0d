"""Requests and answers for tensors as messages of gRPC."""

import numpy as np

from .. import open_inference as tensors
from ..errors import RequestError
from ..shared_memory import Place

__all__ = ["fill_answer", "parameters_of", "read_request"]

_CONTENTS = {
    "BOOL": "bool_contents",
    "UINT8": "uint_contents",
    "UINT16": "uint_contents",
    "UINT32": "uint_contents",
    "UINT64": "uint64_contents",
    "INT8": "int_contents",
    "INT16": "int_contents",
    "INT32": "int_contents",
    "INT64": "int64_contents",
    "FP32": "fp32_contents",
    "FP64": "fp64_contents",
    "BYTES": "bytes_contents",
}


def parameters_of(message):
    """The parameters of a message as a dict."""
    found = {}
    for name, value in message.parameters.items():
        field = value.WhichOneof("parameter_choice")
        found[name] = getattr(value, field) if field else None
    return found


def read_request(request, shared_memory):
    """A request for tensors from its message.

    Args:
        request (ModelInferRequest): The message.
        shared_memory (SharedMemory): What clients share.

    Returns:
        TensorRequest: The request.

    Raises:
        RequestError: It is damaged.
    """
    if request.parameters:
        tensors.check_parameters(parameters_of(request))
    raw, at = request.raw_input_contents, 0
    inputs, kinds = {}, {}
    for each in request.inputs:
        name = each.name
        if name in inputs:
            raise RequestError(400, f"input {name} is there twice")
        parameters = parameters_of(each) if each.parameters else {}
        if parameters.get("content_type") is not None:
            kinds[name] = str(parameters["content_type"])
        place = Place.of(parameters, f"input {name}") if parameters else None
        shape = tuple(each.shape)
        if place is not None:
            inputs[name] = tensors.from_bytes(shared_memory.read(place), each.datatype, shape, name)
        elif raw:
            if at == len(raw):
                raise RequestError(
                    400, f"raw_input_contents has {at} entries; one for input {name} is expected"
                )
            inputs[name] = tensors.from_bytes(raw[at], each.datatype, shape, name)
            at += 1
        else:
            inputs[name] = _from_contents(each, shape)
    if at != len(raw):
        raise RequestError(400, f"raw_input_contents has {len(raw)} entries; {at} are expected")
    return tensors.TensorRequest(inputs, kinds, _wishes(request, shared_memory), request.id)


def _from_contents(message, shape):
    """A tensor from the field of its type."""
    field = _CONTENTS.get(message.datatype)
    if field is None:
        tensors.dtype_of(message.datatype, message.name)
        raise RequestError(
            400,
            f"input {message.name}: datatype={message.datatype} comes as raw_input_contents only",
        )
    values = getattr(message.contents, field)
    if message.datatype == "BYTES":
        return tensors.from_list(list(values), "BYTES", shape, message.name)
    values = np.array(values, tensors.DATATYPES[message.datatype])
    return tensors.from_list(values, message.datatype, shape, message.name)


def _wishes(request, shared_memory):
    found = [tensors.OutputWish(each.name, parameters_of(each)) for each in request.outputs]
    for each in found:
        if each.place is not None:
            shared_memory.check(each.place)  # before anything is computed
    return found


def fill_answer(answer, request, asked, outputs, labels, shared_memory):
    """Put outputs into the message of an answer.

    Args:
        answer (ModelInferResponse): The message.
        request (ModelInferRequest): What was asked; who asks with raw contents is answered so.
        asked (TensorRequest): What was asked.
        outputs (list of tuple): Names and arrays.
        labels (list of str): Names of the classes; None if there are none.
        shared_memory (SharedMemory): What clients share.
    """
    is_raw = bool(request.raw_input_contents) or _lies_elsewhere(request)
    for name, array in outputs:
        wish = asked.wish(name)
        if wish.classes:
            array = tensors.classify(array, wish.classes, labels)
        datatype = tensors.datatype_of(array.dtype)
        described = answer.outputs.add(name=name, datatype=datatype, shape=array.shape)
        if wish.place is not None:
            data = tensors.to_bytes(array)
            shared_memory.write(wish.place, data)
            parameters = described.parameters
            parameters["shared_memory_region"].string_param = wish.place.region
            parameters["shared_memory_byte_size"].int64_param = len(data)
            parameters["shared_memory_offset"].int64_param = wish.place.offset
        elif is_raw or datatype not in _CONTENTS:
            answer.raw_output_contents.append(tensors.to_bytes(array))
        else:
            getattr(described.contents, _CONTENTS[datatype]).extend(array.ravel().tolist())


def _lies_elsewhere(request):
    """Whether no input has contents of its type, as where all lie in shared memory."""
    return not any(each.HasField("contents") for each in request.inputs)
