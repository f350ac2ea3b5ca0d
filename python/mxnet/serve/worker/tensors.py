"""Tensors of the Open Inference Protocol on their way to handlers and back."""

import numpy as np

from ..errors import RequestError
from ..open_inference import check_shape, datatype_of, from_bytes, texts, to_bytes
from ..raw import Raw

__all__ = ["named_outputs", "pack_outputs", "raw_request", "unpack", "unpack_outputs"]

_KIND = "tensor/"
_OUTPUT = "output"


def raw_request(model, request):
    """A request for tensors as its model's handler takes it.

    BYTES of the shape (1,) are a part of a body; all else are arrays, which functions of SageMaker
    do not take.

    Args:
        model (HandlerModel): The model.
        request (TensorRequest): The request.

    Raises:
        RequestError: The handler takes no such inputs.
    """
    parts = [_part(name, value, request.kinds) for name, value in request.inputs.items()]
    if model.is_script and (len(parts) != 1 or parts[0][1].startswith(_KIND)):
        raise RequestError(
            400,
            f"model {model.files.name} has functions of SageMaker, which take one body; one input "
            "of BYTES of the shape [1] is expected",
        )
    kind = parts[0][1] if parts else ""
    headers = {} if kind.startswith(_KIND) or not kind else {"content-type": kind}
    return Raw(parts, headers, request.id, wants_tensors=True)


def _part(name, value, kinds):
    if value.dtype == object and value.shape == (1,):
        return name, kinds.get(name, ""), value[0]
    shape = ",".join(map(str, value.shape))
    return name, f"{_KIND}{datatype_of(value.dtype)}/{shape}", to_bytes(value)


def unpack(kind, data):
    """The array in a part of a request; None if the part is none."""
    if not kind.startswith(_KIND):
        return None
    datatype, _, shape = kind[len(_KIND) :].partition("/")
    return from_bytes(data, datatype, [int(size) for size in shape.split(",") if size], "part")


def pack_outputs(outputs):
    """What a handler returned by name, as tensors.

    Args:
        outputs (dict): Arrays, or what makes one, by name; texts and bytes become BYTES.

    Returns:
        tuple: Name, datatype, shape and size of each; their bytes.

    Raises:
        TypeError: A value is no tensor.
    """
    described, pieces = [], []
    for name, value in outputs.items():
        array = _as_tensor(name, value)
        pieces.append(to_bytes(array))
        described.append([str(name), datatype_of(array.dtype), list(array.shape), len(pieces[-1])])
    return described, b"".join(pieces)


def _as_tensor(name, value):
    array = np.asarray(value.asnumpy() if hasattr(value, "asnumpy") else value)
    if array.dtype.kind in "OSU":
        # numpy's own bytes lose zeros at their end; what the handler gave is taken as it is.
        elements = list(np.asarray(value, object).ravel())
        if not all(isinstance(each, (str, bytes)) for each in elements):
            raise TypeError(f"output {name} holds something else than numbers, texts or bytes")
        return texts(
            [each.encode() if isinstance(each, str) else bytes(each) for each in elements],
            array.shape,
        )
    try:
        datatype_of(array.dtype)
    except KeyError:
        raise TypeError(f"output {name} holds {array.dtype}, which no datatype is for") from None
    return array


def unpack_outputs(described, data):
    """The arrays of `pack_outputs`, as a list of names and arrays."""
    outputs, at = [], 0
    for name, datatype, shape, size in described:
        outputs.append(
            (name, from_bytes(data[at : at + size], datatype, check_shape(shape, name), name))
        )
        at += size
    return outputs


def named_outputs(answer, request):
    """What a handler answered as outputs.

    Args:
        answer (tuple): Status, tensors or body, type and headers.
        request (TensorRequest): The request.

    Returns:
        list of tuple: Names and arrays; a body is BYTES of the shape (1,), ``output``.

    Raises:
        RequestError: The handler answered with another status, or there is no such output.
    """
    status, outputs, *_ = answer
    if isinstance(outputs, bytes):
        if status >= 400:
            raise RequestError(status, " ".join(outputs.decode("utf-8", "replace").split()))
        outputs = [(_OUTPUT, texts([outputs], (1,)))]
    if not request.outputs:
        return outputs
    found = dict(outputs)
    for wish in request.outputs:
        if wish.name not in found:
            raise RequestError(
                400, f"output {wish.name} is unknown; {', '.join(found)} is expected"
            )
    return [(wish.name, found[wish.name]) for wish in request.outputs]
