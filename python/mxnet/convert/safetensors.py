"""Files of the safetensors format: a header in JSON, then the arrays one after the other.

The header begins with its length in 8 bytes, little-endian. Every number in it is checked against
the size of the file before it is used.
"""

import json
import math
import os
import struct

import numpy as np

from .. import error

__all__ = ["read", "write"]

_DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "<u2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "|i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "|u1",
    "BOOL": "|b1",
}
_NAMES = {np.dtype(code): name for name, code in _DTYPES.items() if name != "BF16"}
_LONGEST_HEADER = 100_000_000


def read(path):
    """Read a file.

    Args:
        path (str): The file.

    Returns:
        dict of str to numpy.ndarray: Its arrays; bfloat16 as float32.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is damaged.
    """
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        header, begin = _header(file, path, size)
        arrays, end = {}, 0
        spans = []
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            dtype, shape, first, last = _entry(path, name, entry, size - begin)
            spans.append((first, last, name))
            file.seek(begin + first)
            array = np.frombuffer(file.read(last - first), dtype[1]).reshape(shape)
            arrays[name] = from_bfloat16(array) if dtype[0] == "BF16" else array
        for first, last, name in sorted(spans):
            if first != end:
                raise _damaged(path, f"the data of {name!r} begins at {first} instead of {end}")
            end = last
    if begin + end != size:
        raise _damaged(path, f"its arrays end at byte {begin + end} of {size}")
    return arrays


def _header(file, path, size):
    start = file.read(8)
    length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
    if not 2 <= length <= min(size - 8, _LONGEST_HEADER):
        raise _damaged(path, f"its header is said to be {length} bytes long")
    try:
        header = json.loads(file.read(length).decode("utf-8"))
    except (ValueError, RecursionError) as cause:
        raise _damaged(path, f"its header is no JSON ({cause})") from cause
    if not isinstance(header, dict):
        raise _damaged(path, "its header is no JSON object")
    return header, 8 + length


def _entry(path, name, entry, room):
    try:
        dtype, shape, (first, last) = entry["dtype"], entry["shape"], entry["data_offsets"]
        code = np.dtype(_DTYPES[dtype])
        whole = [*shape, first, last]
    except (KeyError, TypeError, ValueError) as cause:
        raise _damaged(path, f"the entry of {name!r} cannot be used ({cause!r})") from cause
    if not all(type(number) is int and number >= 0 for number in whole):
        raise _damaged(path, f"the entry of {name!r} has sizes that are no whole numbers")
    if not first <= last <= room or math.prod(shape) * code.itemsize != last - first:
        raise _damaged(
            path, f"the data of {name!r} does not fit its shape, or ends behind the file"
        )
    return (dtype, code), tuple(shape), first, last


def _damaged(path, what):
    return error.ValueError(
        f"convert: file={path!r} is damaged: {what}; a file of safetensors is expected"
    )


def from_bfloat16(bits):
    """Numbers of bfloat16, given as their bits in uint16, as float32."""
    return (bits.astype(np.uint32) << 16).view(np.float32)


def write(path, arrays):
    """Write a file.

    Args:
        path (str): The file.
        arrays (dict of str to numpy.ndarray): What to write.

    Raises:
        OSError: The file cannot be written.
        ValueError: A dtype has no name in the format.
    """
    from ..gluon.utils import replace_file

    header, end, parts = {}, 0, []
    # Wide elements first, so that all of them are aligned.
    for name, array in sorted(arrays.items(), key=lambda item: (-item[1].itemsize, item[0])):
        dtype = _NAMES.get(array.dtype.newbyteorder("<") if array.itemsize > 1 else array.dtype)
        if dtype is None:
            raise error.ValueError(
                f"convert: array={name!r} has dtype {array.dtype}; one of {', '.join(_DTYPES)} is "
                "expected"
            )
        header[name] = {
            "dtype": dtype,
            "shape": list(array.shape),
            "data_offsets": [end, end + array.nbytes],
        }
        end += array.nbytes
        parts.append(array)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    partial = f"{path}.{os.getpid()}"
    with open(partial, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for array in parts:
            file.write(np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes())
    replace_file(partial, path)
