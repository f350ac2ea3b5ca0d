"""Archives of PyTorch, read without running what their pickles ask for.

Such a file is a ZIP archive: a pickle with names and shapes, and a member for each storage. The
pickle is read by a machine that knows dictionaries, lists, numbers, texts and tensors; any other
class or function that it names is an error.
"""

import collections
import io
import math
import pickle
import struct
import zipfile
import zlib

import numpy as np

from .. import error
from .safetensors import from_bfloat16

__all__ = ["read"]

_STORAGES = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "BFloat16Storage": "<u2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "|i1",
    "ByteStorage": "|u1",
    "BoolStorage": "|b1",
}
# Where programs keep the parameters in a dictionary of more things.
_PLACES = ("state_dict", "model_state_dict", "model", "params", "state_dict_ema", "net")
_LARGEST_PICKLE = 1 << 28


class _Storage:
    """Elements of an archive.

    Args:
        kind (str): Name of the class in PyTorch.
        content (bytes): The elements.
    """

    def __init__(self, kind, content):
        self.kind = kind
        self.array = np.frombuffer(content, _STORAGES[kind])


def _tensor(storage, offset, size, stride, *unused):
    """The function by which tensors are made: a view of a storage, within its bounds."""
    if not isinstance(storage, _Storage):
        raise ValueError("a tensor without a storage")
    sizes, strides = [int(n) for n in size], [int(n) for n in stride]
    count = len(storage.array)
    if len(sizes) != len(strides) or min([*sizes, *strides, offset], default=0) < 0:
        raise ValueError("a tensor with negative sizes")
    last = offset + sum((n - 1) * s for n, s in zip(sizes, strides))
    if math.prod(sizes) > count or (math.prod(sizes) and last >= count):
        raise ValueError(f"a tensor of {sizes} in a storage of {count} elements")
    if math.prod(sizes) == 0:
        return np.zeros(sizes, storage.array.dtype)
    item = storage.array.itemsize
    view = np.lib.stride_tricks.as_strided(
        storage.array[offset:], sizes, [s * item for s in strides], writeable=False
    )
    view = np.ascontiguousarray(view).reshape(sizes)
    return from_bfloat16(view) if storage.kind == "BFloat16Storage" else view


def _parameter(data, *unused):
    return data


def _size(values=()):
    return tuple(values)


_KNOWN = {
    ("collections", "OrderedDict"): collections.OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _tensor,
    ("torch._utils", "_rebuild_parameter"): _parameter,
    ("torch", "Size"): _size,
}


class _Reader(pickle._Unpickler):
    """The machine. Python's own one in Python, whose memory does not follow numbers in the file."""

    dispatch = dict(pickle._Unpickler.dispatch)
    # The only code that makes as many bytes as it is told before it looks whether they are there.
    del dispatch[pickle.BYTEARRAY8[0]]

    def __init__(self, content, load_storage):
        super().__init__(io.BytesIO(content))
        self._load_storage = load_storage

    def find_class(self, module, name):
        if module == "torch" and name in _STORAGES:
            return name
        known = _KNOWN.get((module, name))
        if known is None:
            raise ValueError(f"it names {module}.{name}, which is no tensor")
        return known

    def persistent_load(self, key):
        return self._load_storage(key)


def read(path):
    """Read the tensors of an archive.

    Args:
        path (str): The file, written by ``torch.save``.

    Returns:
        dict of str to numpy.ndarray: Its tensors by name, in the order of the file; bfloat16 as
        float32.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is damaged, holds other objects than tensors, or is of a version before 1.6.
    """
    with open(path, "rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                found = _load(archive)
        except BROKEN as cause:
            raise _damaged(path, " ".join(str(cause).split())) from cause
    tensors = _tensors(found)
    if not tensors:
        raise _damaged(path, "it holds no dictionary of tensors")
    return tensors


# What an archive or a pickle that makes no sense leads to; OSError once it is open.
BROKEN = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    pickle.UnpicklingError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


def _damaged(path, what):
    return error.ValueError(
        f"convert: file={path!r} cannot be read: {what}; a state_dict that torch.save of PyTorch "
        "1.6 or later wrote is expected"
    )


def _load(archive):
    members = {member.filename: member for member in archive.infolist()}
    pickles = [name for name in members if name.endswith("/data.pkl")]
    if len(pickles) != 1:
        raise ValueError("it has no member data.pkl")
    folder = pickles[0][: -len("data.pkl")]
    order = members.get(folder + "byteorder")
    if order is not None and archive.read(order) != b"little":
        raise ValueError("its numbers are not little-endian")
    if members[pickles[0]].file_size > _LARGEST_PICKLE:
        raise ValueError("its pickle is too large")
    storages = {}

    def load_storage(key):
        kind, name, member = key[1], key[2], members[f"{folder}data/{key[2]}"]
        if member.compress_type != zipfile.ZIP_STORED or key[0] != "storage":
            raise ValueError(f"its storage {name!r} is compressed")
        if kind not in _STORAGES:
            raise ValueError(f"it has a storage of {kind!r}")
        if name not in storages:
            storages[name] = _Storage(kind, archive.read(member))
        return storages[name]

    return _Reader(archive.read(pickles[0]), load_storage).load()


def _tensors(found):
    """The dictionary of tensors in what was saved."""
    if not isinstance(found, dict):
        return {}
    tensors = {k: v for k, v in found.items() if isinstance(v, np.ndarray)}
    for place in _PLACES:
        inner = found.get(place)
        if not tensors and isinstance(inner, dict):
            return _tensors(inner)
    return {_plain(str(name)): value for name, value in tensors.items()}


def _plain(name):
    """A name without what training on several devices puts before it."""
    return name[len("module.") :] if name.startswith("module.") else name
