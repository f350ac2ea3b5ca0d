"""Tensors of the Open Inference Protocol, whichever way they travel."""

import math

import numpy as np

from .errors import RequestError

__all__ = ["DATATYPES", "datatype_of", "from_bytes", "metadata", "output_infos", "to_bytes"]

DATATYPES = {
    "BOOL": np.dtype(np.bool_),
    "UINT8": np.dtype(np.uint8),
    "UINT16": np.dtype("<u2"),
    "UINT32": np.dtype("<u4"),
    "UINT64": np.dtype("<u8"),
    "INT8": np.dtype(np.int8),
    "INT16": np.dtype("<i2"),
    "INT32": np.dtype("<i4"),
    "INT64": np.dtype("<i8"),
    "FP16": np.dtype("<f2"),
    "FP32": np.dtype("<f4"),
    "FP64": np.dtype("<f8"),
}
_NAMES = {dtype: name for name, dtype in DATATYPES.items()}
_LARGEST_ITEMS = 2**40


def datatype_of(dtype):
    """The protocol's name of a dtype."""
    return _NAMES[np.dtype(dtype)]


def dtype_of(datatype, name):
    """The dtype of a datatype.

    Raises:
        RequestError: It is none that a network takes.
    """
    dtype = DATATYPES.get(datatype)
    if dtype is None:
        raise RequestError(
            400, f"input {name}: datatype={datatype} is unknown; {', '.join(DATATYPES)} is expected"
        )
    return dtype


def check_shape(shape, name):
    """A shape of a request as a tuple.

    Raises:
        RequestError: It is none.
    """
    if not isinstance(shape, (list, tuple)):
        raise RequestError(400, f"input {name}: shape={shape} is no list of whole numbers")
    for size in shape:
        if not isinstance(size, int) or isinstance(size, bool) or size < 0:
            raise RequestError(400, f"input {name}: shape={list(shape)} holds {size!r}")
    if len(shape) > 32 or math.prod(shape) > _LARGEST_ITEMS:
        raise RequestError(400, f"input {name}: shape={list(shape)} is too large")
    return tuple(shape)


def from_bytes(data, datatype, shape, name):
    """A tensor from its bytes.

    Raises:
        RequestError: There are more or fewer bytes than datatype and shape want.
    """
    dtype, shape = dtype_of(datatype, name), check_shape(shape, name)
    expected = math.prod(shape) * dtype.itemsize
    if len(data) != expected:
        raise RequestError(
            400, f"input {name} has {len(data)} bytes; {expected} are expected of {list(shape)}"
        )
    return np.frombuffer(data, dtype).reshape(shape)


def from_list(values, datatype, shape, name):
    """A tensor from numbers, flat or nested.

    Raises:
        RequestError: They are no numbers, or more or fewer than the shape wants.
    """
    dtype, shape = dtype_of(datatype, name), check_shape(shape, name)
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "biuf" and array.size:
            raise ValueError("no numbers")
        if array.dtype.kind == "f" and dtype.kind in "biu":
            raise ValueError(f"{array.dtype} for {datatype}")
        with np.errstate(over="ignore"):
            return array.astype(dtype).reshape(shape)
    except (ValueError, OverflowError) as cause:
        raise RequestError(
            400, f"input {name} is no {datatype} tensor of the shape {list(shape)} ({cause})"
        ) from None


def to_bytes(array):
    """The bytes of a tensor, in the protocol's order."""
    return np.ascontiguousarray(array).tobytes()


def output_infos(model, names):
    """Which outputs a request asks for.

    Args:
        model (TensorModel): The model.
        names (list of str): The outputs as the request calls them: their names, with or without
            ``_output`` at the end; empty for all.

    Returns:
        list of tuple: Number of each output and the name that the answer calls it.

    Raises:
        RequestError: There is no such output.
    """
    if not names:
        return [(number, info.name) for number, info in enumerate(model.outputs)]
    numbers = {info.name: number for number, info in enumerate(model.outputs)}
    found = []
    for name in names:
        number = numbers.get(name, numbers.get(f"{name}_output"))
        if number is None:
            raise RequestError(400, f"output {name} is unknown; {', '.join(numbers)} is expected")
        found.append((number, name))
    return found


def metadata(versions, version):
    """What is told about a model.

    Args:
        versions (list of ModelVersion): All versions of the model.
        version (ModelVersion): The one that is told about.
    """
    model = version.model

    def tensors(infos):
        return [
            {
                "name": info.name,
                "datatype": datatype_of(info.dtype),
                "shape": list(info.shape) if info.shape is not None else [-1],
            }
            for info in infos
        ]

    return {
        "name": version.name,
        "versions": [each.version for each in versions],
        "platform": "mxnet",
        "inputs": tensors(model.inputs),
        "outputs": tensors(model.outputs),
    }
