"""Writes a model to a file without holding its parameters twice.

A message of protocol buffers is the sequence of its fields, each with a tag and a length. So
parameters go to the file one after the other, straight from their arrays.
"""

import contextlib
import os

import numpy as np

from ... import error
from ..package import onnx
from .dtypes import code_of

# No message may be longer than this; what is larger is kept in a file beside it.
_LARGEST_MESSAGE = 2**31 - 1
_ALIGNMENT = 64

# Numbers of fields in onnx.proto, for those of type bytes and message.
_MODEL_GRAPH = 7
_GRAPH_INITIALIZER = 5
_TENSOR_RAW_DATA = 9


def _varint(number):
    parts = bytearray()
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    parts.append(number)
    return bytes(parts)


def _header(field, size):
    """Tag and length of a field that holds `size` bytes."""
    return _varint(field << 3 | 2) + _varint(size)


def _proto(name, array):
    """Name, dtype and shape of a parameter."""
    dtype = code_of(array.dtype)
    return onnx.TensorProto(name=name, dims=array.shape, data_type=dtype)


def _bytes_of(array):
    """The elements of a NumPy array or an NDArray as ONNX stores them."""
    array = array if isinstance(array, np.ndarray) else array.asnumpy()
    array = np.ascontiguousarray(array).reshape(-1)
    return array.astype(array.dtype.newbyteorder("<"), copy=False).view(np.uint8)


def _size_of(array):
    return int(np.prod(array.shape, dtype=np.int64)) * np.dtype(array.dtype).itemsize


def save(model, constants, path, external=False):
    """Writes a model.

    Args:
        model: A ModelProto whose graph has no initializers.
        constants: NumPy arrays or NDArrays by name: the initializers.
        path: Name of the file.
        external: Whether parameters go to a second file, ``<path>.data``. Larger models than a
            file of ONNX may be have one in any case.

    Raises:
        OSError: The file cannot be written.
    """
    graph = model.graph.SerializeToString()
    total = sum(map(_size_of, constants.values()))
    external = external or total + len(graph) + 1024 * len(constants) > _LARGEST_MESSAGE
    rest = onnx.ModelProto()
    rest.CopyFrom(model)
    rest.ClearField("graph")
    if external:
        location = f"{os.path.basename(path)}.data"
        with _replacing(f"{path}.data") as file:
            tensors = [(head, None) for head in _write_data(file, constants, location)]
    else:
        tensors = [(_proto(name, array), array) for name, array in constants.items()]
    with _replacing(path) as file:
        file.write(rest.SerializeToString())
        _write_graph(file, graph, tensors)


@contextlib.contextmanager
def _replacing(path):
    """A file that takes the place of another one when it is complete, and else leaves nothing."""
    partial = f"{path}.part{os.getpid()}"
    try:
        with open(partial, "wb") as file:
            yield file
        os.replace(partial, path)
    except OSError as cause:
        raise error.OSError(
            f"export_model: onnx_file_path={path!r} cannot be written ({cause.strerror}); the "
            "name of a file in a folder that is there is expected"
        ) from cause
    finally:
        if os.path.exists(partial):
            os.remove(partial)


def _write_graph(file, graph, tensors):
    """The graph's own fields, and pairs of a TensorProto and the array that it holds, or None."""
    heads = []
    for proto, array in tensors:
        head = proto.SerializeToString()
        if array is not None:
            head += _header(_TENSOR_RAW_DATA, _size_of(array))
        size = len(head) + (_size_of(array) if array is not None else 0)
        heads.append((_header(_GRAPH_INITIALIZER, size) + head, size))
    lengths = [len(_header(_GRAPH_INITIALIZER, size)) + size for _, size in heads]
    file.write(_header(_MODEL_GRAPH, len(graph) + sum(lengths)))
    file.write(graph)
    for (head, _), (_, array) in zip(heads, tensors):
        file.write(head)
        if array is not None:
            file.write(_bytes_of(array))


def _write_data(file, constants, location):
    """Writes the file of parameters; returns TensorProtos that say where each one is."""
    heads = []
    for name, array in constants.items():
        file.write(bytes(-file.tell() % _ALIGNMENT))
        head = _proto(name, array)
        head.data_location = onnx.TensorProto.EXTERNAL
        where = {"location": location, "offset": file.tell(), "length": _size_of(array)}
        for key, value in where.items():
            head.external_data.add(key=key, value=str(value))
        file.write(_bytes_of(array))
        heads.append(head)
    return heads
