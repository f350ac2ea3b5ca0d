"""Opens ONNX files, which are data from outside: everything is checked before it is believed."""

import math
import os

import numpy as np

from ... import error
from .dtypes import from_enum, numpy_dtype, to_storage
from .values import Value

__all__ = ["ModelFile", "open_model", "tensor_value"]

_MOST_NODES = 1 << 18
_BITS = {"int2": 2, "uint2": 2, "int4": 4, "uint4": 4, "float4_e2m1fn": 4}
# Fields in which small tensors keep their numbers, by dtype; all others are in int32_data.
_FIELDS = {
    "float32": "float_data",
    "float64": "double_data",
    "int64": "int64_data",
    "uint32": "uint64_data",
    "uint64": "uint64_data",
}


class ModelFile:
    """A parsed model.

    Args:
        proto (onnx.ModelProto): The model.
        folder (str): Folder of the file, in which external data lies; None if there is no file.

    Attributes:
        opsets (dict of str to int): Versions of the operator sets by domain.
        functions (dict): Functions of the file by domain, name and overload.
    """

    def __init__(self, proto, folder):
        self.proto = proto
        self.graph = proto.graph
        self.folder = folder
        self._nodes = 0
        self.opsets = {
            "" if entry.domain == "ai.onnx" else entry.domain: entry.version
            for entry in proto.opset_import
        }
        self.functions = {(f.domain, f.name, f.overload): f for f in proto.functions}

    def restart(self):
        """Count nodes anew."""
        self._nodes = 0

    def count_node(self):
        """Note that a node is translated; functions and loops multiply them.

        Raises:
            ValueError: There are too many.
        """
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise error.ValueError(
                f"import_model: the graph has more than {_MOST_NODES} nodes, functions and loops "
                "written out; fewer are expected"
            )


def open_model(model):
    """Parse a file and check what holds for all of it.

    Args:
        model (str, os.PathLike, bytes or onnx.ModelProto): Name or contents of the file.

    Returns:
        ModelFile: The model.

    Raises:
        OSError: The file cannot be read.
        ImportError: The package ``onnx`` is missing.
        MXNetError: It is no model.
    """
    onnx = _package()
    folder = None
    if not isinstance(model, onnx.ModelProto):
        content, title = model, "model"
        if not isinstance(model, bytes):
            title = os.fspath(model)
            folder = os.path.dirname(os.path.abspath(title))
            with open(title, "rb") as file:
                content = file.read()
        model = _parse(content, title, onnx)
    _check_names(model)
    result = ModelFile(model, folder)
    if not model.graph.node and not model.graph.output:
        raise error.ValueError("import_model: the file holds no graph; an ONNX model is expected")
    for domain, number in result.opsets.items():
        if not 0 <= number < 1 << 31:
            raise error.ValueError(
                f"import_model: opset={number} of domain {domain or 'ai.onnx'!r} is no version; "
                "a number of 31 bits is expected"
            )
    return result


def _package():
    try:
        import onnx
    except ImportError as cause:
        raise ImportError(
            "import_model: the package onnx is missing; pip install remx[onnx] is expected"
        ) from cause
    return onnx


def _parse(content, title, onnx):
    from google.protobuf.message import DecodeError

    proto = onnx.ModelProto()
    try:
        proto.ParseFromString(content)
    except (DecodeError, RuntimeError) as cause:
        raise error.ValueError(
            f"import_model: {title} is damaged ({cause}); an ONNX model is expected"
        ) from cause
    return proto


def _check_names(model):
    """Refuse names that are no text: the parser gives them as bytes."""
    waiting = [model.graph, *model.functions]
    names = [entry.domain for entry in model.opset_import]
    while waiting:
        graph = waiting.pop()
        names.append(graph.name)
        if hasattr(graph, "initializer"):
            for group in (graph.input, graph.output, graph.initializer):
                names += [entry.name for entry in group]
        else:
            names += [graph.domain, graph.overload, *graph.input, *graph.output, *graph.attribute]
            names += [entry.domain for entry in graph.opset_import]
        for node in graph.node:
            names += [node.name, node.op_type, node.domain, node.overload]
            names += [*node.input, *node.output]
            for attribute in node.attribute:
                names += [attribute.name, attribute.ref_attr_name, attribute.t.name]
                if attribute.HasField("g"):
                    waiting.append(attribute.g)
    for name in names:
        if not isinstance(name, str):
            raise error.ValueError(
                f"import_model: name={name!r} is no text; names in UTF-8 are expected"
            )


def tensor_value(tensor, model):
    """A tensor of the file as a constant.

    Args:
        tensor (onnx.TensorProto): The tensor.
        model (ModelFile): The file.

    Raises:
        MXNetError: Shape, dtype and contents do not fit, or its data lies outside of the folder.
    """
    import onnx

    dtype = from_enum(tensor.data_type)
    if dtype == "string":
        raise error.NotImplementedError(
            f"import_model: initializer={tensor.name!r} holds strings; numbers are expected"
        )
    if any(size < 0 for size in tensor.dims):
        raise error.ValueError(
            f"import_model: initializer={tensor.name!r} has the shape {list(tensor.dims)}; sizes "
            "of at least 0 are expected"
        )
    count = math.prod(tensor.dims)
    if tensor.data_location == onnx.TensorProto.EXTERNAL:
        tensor = _with_external_data(tensor, dtype, count, model)
    _check_length(tensor, dtype, count)
    array = np.ascontiguousarray(to_storage(onnx.numpy_helper.to_array(tensor), dtype))
    return Value.constant(array.reshape(tuple(tensor.dims)), dtype, tensor.name)


def _byte_count(dtype, count):
    if dtype in _BITS:
        return (count * _BITS[dtype] + 7) // 8
    return count * numpy_dtype(dtype).itemsize


def _check_length(tensor, dtype, count):
    if tensor.HasField("raw_data"):
        found, expected = len(tensor.raw_data), _byte_count(dtype, count)
    else:
        found = len(getattr(tensor, _FIELDS.get(dtype, "int32_data"), ()))
        expected = (count * _BITS[dtype] + 7) // 8 if dtype in _BITS else count
        if dtype.startswith("complex"):
            found, expected = len(tensor.float_data), 2 * count
    if found != expected:
        raise error.ValueError(
            f"import_model: initializer={tensor.name!r} of shape {list(tensor.dims)} and dtype "
            f"{dtype} has {found} entries of data; {expected} are expected"
        )


def _with_external_data(tensor, dtype, count, model):
    """A copy of a tensor with its data read from the file that it names."""
    import onnx

    entries = {entry.key: entry.value for entry in tensor.external_data}
    path = _confined(entries.get("location", ""), tensor.name, model)
    try:
        offset = int(entries.get("offset", 0))
        length = int(entries.get("length", _byte_count(dtype, count)))
    except ValueError as cause:
        raise error.ValueError(
            f"import_model: initializer={tensor.name!r} has external data at no number ({cause}); "
            "offset and length in bytes are expected"
        ) from cause
    size = os.path.getsize(path)
    if offset < 0 or length != _byte_count(dtype, count) or offset + length > size:
        raise error.ValueError(
            f"import_model: initializer={tensor.name!r} of shape {list(tensor.dims)} has external "
            f"data at {offset}, {length} bytes, of a file of {size} bytes; "
            f"{_byte_count(dtype, count)} bytes within the file are expected"
        )
    copy = onnx.TensorProto()
    copy.dims.extend(tensor.dims)
    copy.data_type, copy.name = tensor.data_type, tensor.name
    with open(path, "rb") as file:
        file.seek(offset)
        copy.raw_data = file.read(length)
    return copy


def _confined(location, name, model):
    """The path of external data, which has to be a plain file within the model's folder."""
    if model.folder is not None and location and not os.path.isabs(location):
        folder = os.path.realpath(model.folder)
        path = os.path.realpath(os.path.join(folder, location))
        if os.path.commonpath([folder, path]) == folder:
            if os.path.isfile(path):
                return path
            raise error.ValueError(
                f"import_model: initializer={name!r} names the file {location!r}, which is not "
                "there; a file beside the model is expected"
            )
    raise error.ValueError(
        f"import_model: initializer={name!r} has external data at {location!r}; a path within the "
        "model's folder is expected"
    )
