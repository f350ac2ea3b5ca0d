"""Tensors of the Open Inference Protocol, whichever way they travel."""

import math
import struct

import numpy as np

from .errors import RequestError
from .shared_memory import Place

__all__ = [
    "DATATYPES",
    "OutputWish",
    "TensorLayout",
    "TensorRequest",
    "check_parameters",
    "classify",
    "datatype_of",
    "dtype_of",
    "extensions",
    "from_bytes",
    "metadata",
    "output_infos",
    "texts",
    "to_bytes",
    "to_list",
]

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
    "BYTES": np.dtype(object),  # of bytes
}
_NAMES = {dtype: name for name, dtype in DATATYPES.items()}
_LARGEST_ITEMS = 2**40
_LENGTH = struct.Struct("<I")  # in front of each element of BYTES
_SEQUENCES = ("sequence_id", "sequence_start", "sequence_end")


class OutputWish:
    """An output that a request asks for.

    Attributes:
        name (str): What the request calls it.
        is_binary (bool): Whether its bytes follow the JSON document; None as the request says.
        classes (int): How many of the best classes are wanted in place of the numbers; 0 for these.
        place (Place): The shared memory that it is written to; None if it goes with the answer.

    Raises:
        RequestError: Its parameters are damaged.
    """

    __slots__ = ("name", "is_binary", "classes", "place")

    def __init__(self, name, parameters=()):
        parameters = dict(parameters)
        self.name, self.is_binary = name, parameters.get("binary_data")
        self.classes = parameters.get("classification", 0)
        if not isinstance(self.classes, int) or isinstance(self.classes, bool) or self.classes < 0:
            raise RequestError(
                400, f"output {name}: classification={self.classes!r}; a whole number is expected"
            )
        self.place = Place.of(parameters, f"output {name}")


_NO_WISH = OutputWish("")


class TensorRequest:
    """A request for tensors, whichever way it came.

    Attributes:
        inputs (dict of str to numpy.ndarray): Arrays by the names of the inputs; those of BYTES
            hold bytes.
        kinds (dict of str to str): Content types of inputs that name theirs.
        outputs (list of OutputWish): Outputs that are asked for; empty for all.
        id (str): Its identifier; "" if it has none.
    """

    __slots__ = ("inputs", "kinds", "outputs", "id")

    def __init__(self, inputs, kinds=None, outputs=(), identifier=""):
        self.inputs, self.kinds = inputs, kinds or {}
        self.outputs, self.id = list(outputs), identifier

    def wish(self, name):
        """What is asked of an output."""
        return next((each for each in self.outputs if each.name == name), _NO_WISH)


def check_parameters(parameters):
    """Refuse parameters of a request that would change its answer, and are not known here.

    Raises:
        RequestError: It belongs to a sequence.
    """
    for name in _SEQUENCES:
        if parameters.get(name):
            raise RequestError(
                400,
                f"{name}={parameters[name]!r}: models keep nothing from one request to the next; "
                "requests without a sequence are expected",
            )


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


class TensorLayout:
    """How a tensor lies in bytes.

    Args:
        datatype (str): The protocol's name of its dtype.
        shape (list of int): Its shape.
        name (str): What errors call it.

    Raises:
        RequestError: There is no such tensor.
    """

    __slots__ = ("_name", "_dtype", "_shape", "_size")

    def __init__(self, datatype, shape, name):
        self._name = name
        self._dtype, self._shape = dtype_of(datatype, name), check_shape(shape, name)
        self._size = math.prod(self._shape) * self._dtype.itemsize

    def read(self, data):
        """The tensor from its bytes.

        Raises:
            RequestError: There are more or fewer than datatype and shape want.
        """
        if self._dtype.kind == "O":
            return _texts_from_bytes(data, self._shape, self._name)
        if len(data) != self._size:
            raise RequestError(
                400,
                f"input {self._name} has {len(data)} bytes; {self._size} are expected of "
                f"{list(self._shape)}",
            )
        return np.frombuffer(data, self._dtype).reshape(self._shape)


def from_bytes(data, datatype, shape, name):
    """A tensor from its bytes; see `TensorLayout`."""
    return TensorLayout(datatype, shape, name).read(data)


def _texts_from_bytes(data, shape, name):
    """A tensor of BYTES: its elements one after the other, each behind its length."""
    elements, at, count = [], 0, math.prod(shape)
    while at < len(data) and len(elements) < count:
        if len(data) - at < _LENGTH.size:
            break
        (length,) = _LENGTH.unpack_from(data, at)
        at += _LENGTH.size
        if length > len(data) - at:
            raise RequestError(
                400, f"input {name}: an element has {length} bytes; {len(data) - at} are left"
            )
        elements.append(bytes(data[at : at + length]))
        at += length
    if at != len(data) or len(elements) != count:
        raise RequestError(
            400,
            f"input {name} has {len(elements)} elements in {at} of {len(data)} bytes; {count} are "
            f"expected of {list(shape)}",
        )
    return texts(elements, shape)


def _texts_from_list(values, shape, name):
    """A tensor of BYTES from texts, flat or nested."""
    elements, left = [], [values]
    while left:
        each = left.pop()
        if isinstance(each, list):
            left.extend(reversed(each))
        elif isinstance(each, (str, bytes)):
            elements.append(
                each.encode("utf-8", "surrogatepass") if isinstance(each, str) else each
            )
        else:
            raise RequestError(400, f"input {name} holds {each!r}; texts are expected of BYTES")
    if len(elements) != math.prod(shape):
        raise RequestError(
            400, f"input {name} has {len(elements)} elements; {list(shape)} are expected"
        )
    return texts(elements, shape)


def from_list(values, datatype, shape, name):
    """A tensor from numbers, or texts for BYTES, flat or nested.

    Raises:
        RequestError: They are no such values, or more or fewer than the shape wants.
    """
    dtype, shape = dtype_of(datatype, name), check_shape(shape, name)
    if dtype.kind == "O":
        return _texts_from_list(values, shape, name)
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
    if array.dtype == object:
        return b"".join(_LENGTH.pack(len(each)) + each for each in array.ravel())
    return np.ascontiguousarray(array).tobytes()


def to_list(array, name):
    """The values of a tensor in a flat list; texts for BYTES.

    Raises:
        RequestError: BYTES are no texts.
    """
    if array.dtype != object:
        return array.ravel().tolist()
    try:
        return [each.decode() for each in array.ravel()]
    except UnicodeDecodeError:
        raise RequestError(
            400, f"output {name} holds bytes that are no text; binary_data is expected"
        ) from None


def classify(array, count, labels=None):
    """The best classes of each row, as Triton's clients take them.

    Args:
        array (numpy.ndarray): An output, (rows, ...).
        count (int): How many classes, at most all.
        labels (list of str): Names of the classes; None if there are none.

    Returns:
        numpy.ndarray: BYTES, (rows, count): ``value:number`` or ``value:number:label``.

    Raises:
        RequestError: The output has no numbers.
    """
    if array.dtype.kind not in "biuf" or array.size == 0:
        raise RequestError(400, "classification is for outputs of numbers; this one has none")
    rows = array.reshape(len(array), -1) if array.ndim > 1 else array.reshape(1, -1)
    count = min(count, rows.shape[1])
    best = np.argsort(-rows.astype(np.float64), axis=1, kind="stable")[:, :count]

    def text(row, number):
        named = labels is not None and number < len(labels)
        return f"{row[number]:f}:{number}{f':{labels[number]}' if named else ''}".encode()

    elements = [text(row, number) for row, numbers in zip(rows, best) for number in numbers]
    return texts(elements, best.shape)


def texts(elements, shape):
    """A tensor of BYTES with these elements."""
    array = np.empty(len(elements), object)
    array[:] = elements
    return array.reshape(shape)


def output_infos(model, wishes):
    """Which outputs a request asks for.

    Args:
        model (TensorModel): The model.
        wishes (list of OutputWish): The outputs as the request calls them: their names, with or
            without ``_output`` at the end; empty for all.

    Returns:
        list of tuple: Number of each output and the name that the answer calls it.

    Raises:
        RequestError: There is no such output.
    """
    if not wishes:
        return [(number, info.name) for number, info in enumerate(model.outputs)]
    numbers = {info.name: number for number, info in enumerate(model.outputs)}
    found = []
    for name in (each.name for each in wishes):
        number = numbers.get(name, numbers.get(f"{name}_output"))
        if number is None:
            raise RequestError(400, f"output {name} is unknown; {', '.join(numbers)} is expected")
        found.append((number, name))
    return found


def extensions(service):
    """Names of the extensions of the protocol that a server has, whichever way it is asked."""
    shared = ["system_shared_memory"] if service.shared_memory.is_allowed else []
    names = ["classification", "model_configuration", "model_repository", "statistics"]
    return [*names, *shared]


def metadata(versions, version):
    """What is told about a model; a handler does not say what it takes.

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
        "platform": "mxnet" if model.takes_tensors else "python",
        "inputs": tensors(model.inputs),
        "outputs": tensors(model.outputs),
    }
