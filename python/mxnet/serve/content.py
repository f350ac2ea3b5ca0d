"""Bodies of requests as tensors, and tensors as bodies of answers."""

import csv
import functools
import io
import json

import numpy as np

from .. import error
from .errors import RequestError

__all__ = [
    "as_array",
    "best_classes",
    "choose_accept",
    "decode",
    "encode",
    "from_texts",
    "is_picture",
]

JSON, CSV, NPY = "application/json", "text/csv", "application/x-npy"
_TYPES = (JSON, CSV, NPY)
_SNIFFED = (
    (b"\x93NUMPY", NPY),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG", "image/png"),
    (b"BM", "image/bmp"),
)
_LARGEST_NPY_HEAD = 10_000  # numpy's own limit
_NPY_HEADS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
_UNKNOWN = ("", "application/octet-stream", "application/x-www-form-urlencoded")


def choose_accept(text, default=JSON):
    """The first type of an ``Accept`` header that answers can have.

    Raises:
        RequestError: There is none.
    """
    if not text:
        return default
    for part in text.split(","):
        kind = part.partition(";")[0].strip().lower()
        if kind in ("*/*", "application/*", ""):
            return default
        if kind in _TYPES:
            return kind
    raise RequestError(406, f"accept={text!r} cannot be answered; {', '.join(_TYPES)} is expected")


def is_picture(part):
    """Whether a part of a request (name, type, bytes) is a picture."""
    kind = _sniff(part[2]) if part[1] in _UNKNOWN else part[1]
    return kind.startswith("image/") or kind == "application/x-image"


def best_classes(output, labels, count=5):
    """The best classes of the first row of an output, as a JSON document of Multi Model Server."""
    row = output[0].ravel()
    best = np.argsort(-row, kind="stable")[:count]
    named = [
        {"probability": float(row[i]), "class": labels[i] if i < len(labels) else str(i)}
        for i in best
    ]
    return json.dumps(named).encode()


def as_array(value, name):
    """Nested lists of numbers as an array.

    Raises:
        RequestError: They are something else.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        array = None
    if array is None or array.dtype.kind not in "biuf":
        raise RequestError(
            400, f"input {name} is no tensor; numbers in lists of equal lengths are expected"
        )
    return array


def decode(model, body, content_type):
    """Inputs of a model from the body of a request.

    Args:
        model (TensorModel): The model.
        body (bytes): The body.
        content_type (str): Its type; "" to find it from the first bytes.

    Returns:
        dict of str to numpy.ndarray: Arrays by the names of the inputs.

    Raises:
        RequestError: The type is unknown, or the body is something else.
    """
    if content_type in _UNKNOWN:
        content_type = _sniff(body)
    if content_type == JSON:
        return _from_json(model, body)
    if content_type == CSV:
        return {_only_input(model).name: _from_csv(_only_input(model), body)}
    if content_type == NPY:
        return {_only_input(model).name: _batched(_only_input(model), _from_npy(body))}
    if content_type.startswith("image/") or content_type == "application/x-image":
        return {_only_input(model).name: _from_picture(model, body)}
    raise RequestError(
        415, f"content-type={content_type} is unknown; {', '.join(_TYPES)} or image/* is expected"
    )


def _sniff(body):
    for start, kind in _SNIFFED:
        if body.startswith(start):
            return kind
    return JSON


def _only_input(model):
    if len(model.inputs) != 1:
        names = ", ".join(each.name for each in model.inputs)
        raise RequestError(
            400,
            f"the model has the inputs {names}; a JSON object with a tensor for each is expected",
        )
    return model.inputs[0]


def _batched(info, array):
    """`array` with a batch of one row where it lacks the batch."""
    if info.shape is not None and array.ndim == len(info.shape) - 1:
        return array[np.newaxis]
    return array


def _from_json(model, body):
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as cause:
        raise RequestError(400, f"the body is no JSON document ({cause})") from None
    if isinstance(document, dict):
        return from_columns(model, document)
    info = _only_input(model)
    return {info.name: _batched(info, as_array(document, info.name))}


def from_columns(model, columns):
    """Inputs from nested lists by the names of the inputs.

    Raises:
        RequestError: `columns` is something else.
    """
    if not isinstance(columns, dict):
        raise RequestError(400, "inputs by name are expected, as a JSON object")
    known = {each.name: each for each in model.inputs}
    return {
        name: _batched(known[name], as_array(value, name))
        if name in known
        else as_array(value, name)
        for name, value in columns.items()
    }


def _from_csv(info, body):
    try:
        rows = [row for row in csv.reader(io.StringIO(body.decode("utf-8"))) if row]
        array = np.array(rows, dtype=np.float64)
    except (ValueError, csv.Error) as cause:
        raise RequestError(400, f"the body is no table of numbers ({cause})") from None
    if info.shape is None:
        return array
    if -1 in info.shape[1:]:
        raise RequestError(
            400, f"rows of a table do not tell the shape {info.shape}; {JSON} or {NPY} is expected"
        )
    width = int(np.prod(info.shape[1:]))
    if array.size == 0 or array.size % width:
        raise RequestError(
            400, f"the table has {array.size} numbers; a multiple of {width} is expected"
        )
    return array.reshape((-1, *info.shape[1:]))


def _from_npy(body):
    """The array in a .npy file; its size is checked before memory is taken for it."""
    try:
        # Behind the magic and the version stands the length of the head, in two bytes or in four.
        width = 2 if body[6:7] == b"\x01" else 4
        start = 8 + width + int.from_bytes(body[8 : 8 + width], "little")
        if start > _LARGEST_NPY_HEAD:
            raise ValueError(f"its head has {start} bytes")
        shape, is_fortran, dtype = _npy_head(body[:start])
        values = np.frombuffer(body, dtype, offset=start)
        return values.reshape(shape, order="F" if is_fortran else "C")
    except Exception as cause:  # the head is a Python expression, and fails in as many ways
        message = " ".join(str(cause).split())
        raise RequestError(400, f"the body is no .npy file of numbers ({message})") from None


@functools.lru_cache(maxsize=64)  # parsing the same head again costs more than a small network
def _npy_head(data):
    """Shape, order and dtype that the head of a .npy file tells."""
    stream = io.BytesIO(data)
    shape, is_fortran, dtype = _NPY_HEADS[np.lib.format.read_magic(stream)](stream)
    if dtype.kind not in "biuf":
        raise ValueError(f"it holds {dtype}")
    return shape, is_fortran, dtype


def _from_picture(model, body):
    if model.pictures is None:
        raise RequestError(
            415,
            f"the input {model.inputs[0].name} of the shape {model.inputs[0].shape} takes no "
            "pictures; (batch, 1 or 3, height, width) would",
        )
    try:
        return model.pictures.decode(body)[np.newaxis]
    except error.MXNetError as cause:
        raise RequestError(400, " ".join(str(cause).split())) from None


def from_texts(model, inputs):
    """Inputs of a network where some are BYTES: pictures, where it takes such.

    Args:
        model (TensorModel): The model.
        inputs (dict of str to numpy.ndarray): Arrays by name; those of BYTES, (rows,) or (rows, 1).

    Raises:
        RequestError: The input takes no BYTES, or they are no pictures.
    """
    found = {}
    for name, value in inputs.items():
        if value.dtype == object:
            if model.pictures is None or name != model.inputs[0].name:
                raise RequestError(
                    400,
                    f"input {name} takes no BYTES; a network takes them where it takes pictures",
                )
            if value.size == 0 or value.shape not in ((value.size,), (value.size, 1)):
                raise RequestError(
                    400, f"input {name} has the shape {value.shape}; (rows,) is expected of BYTES"
                )
            value = np.concatenate([_from_picture(model, each) for each in value.ravel()])
        found[name] = value
    return found


def encode(outputs, accept):
    """Outputs of a model as the body of an answer.

    Args:
        outputs (list of numpy.ndarray): The outputs.
        accept (str): Type of the answer.

    Raises:
        RequestError: The type cannot hold several outputs.
    """
    if accept == JSON:
        lists = [output.tolist() for output in outputs]
        return json.dumps(lists[0] if len(lists) == 1 else lists).encode()
    if len(outputs) != 1:
        raise RequestError(406, f"{accept} holds one output, and there are {len(outputs)}; {JSON}")
    stream = io.BytesIO()
    if accept == NPY:
        np.save(stream, outputs[0], allow_pickle=False)
        return stream.getvalue()
    rows = outputs[0].reshape(len(outputs[0]), -1) if outputs[0].ndim else outputs[0][None, None]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows.tolist())
    return text.getvalue().encode()
