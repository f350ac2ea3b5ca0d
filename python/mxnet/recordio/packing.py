"""Records that hold something with a label, such as a picture."""

import collections
import struct
from numbers import Number

import numpy as np

from .. import error
from .._opencv import opencv

__all__ = ["IRHeader", "pack", "unpack", "pack_img", "unpack_img"]

IRHeader = collections.namedtuple("HEADER", ["flag", "label", "id", "id2"])
IRHeader.__doc__ = """What stands before a packed picture.

Fields: flag (int, number of labels of a vector), label (number or vector), id (int), id2 (int).
"""
_IR_FORMAT = "<IfQQ"
_IR_SIZE = struct.calcsize(_IR_FORMAT)


def pack(header, s):
    """A header and bytes as one record.

    Args:
        header (IRHeader): Its label is a number, or numbers, which are kept as float32.
        s (bytes): What follows.

    Example:
        >>> packed = mx.recordio.pack(mx.recordio.IRHeader(0, 4, 2574, 0), b"bytes")
    """
    header = IRHeader(*header)
    if isinstance(header.label, Number):
        header = header._replace(flag=0)
    else:
        label = np.asarray(header.label, dtype=np.float32)
        header = header._replace(flag=label.size, label=0)
        s = label.tobytes() + s
    try:
        return struct.pack(_IR_FORMAT, *header) + s
    except struct.error as cause:
        raise error.ValueError(
            f"pack: header={header} does not fit: {cause}; numbers of 32 bits for flag and 64 bits "
            "for the ids are expected"
        ) from cause


def unpack(s):
    """Header and bytes of a record of `pack`.

    Args:
        s (bytes): The record.

    Returns:
        tuple: `IRHeader`, whose label is a number or an array of float32, and bytes.

    Raises:
        ValueError: The record is too short.
    """
    if len(s) < _IR_SIZE:
        raise error.ValueError(
            f"unpack: s has {len(s)} bytes; a header of {_IR_SIZE} bytes is expected"
        )
    header, s = IRHeader(*struct.unpack(_IR_FORMAT, s[:_IR_SIZE])), s[_IR_SIZE:]
    if header.flag == 0:
        return header, s
    size = header.flag * 4
    if len(s) < size:
        raise error.ValueError(
            f"unpack: s has {len(s)} bytes after its header; {header.flag} labels of 4 bytes are "
            "expected"
        )
    label = np.frombuffer(s, dtype=np.float32, count=header.flag)
    return header._replace(label=label), s[size:]


def unpack_img(s, iscolor=-1):
    """Header and picture of a record of `pack_img`.

    Args:
        s (bytes): The record.
        iscolor (int): -1 for the channels that are stored, 0 for gray, 1 for color.

    Returns:
        tuple: `IRHeader`, NumPy array of uint8 of shape (height, width, 3), blue first, or (height,
        width).

    Raises:
        ValueError: The picture is broken.
    """
    from ..image.functions import decode_as_opencv

    header, s = unpack(s)
    return header, decode_as_opencv(s, iscolor, "unpack_img")


def pack_img(header, img, quality=95, img_fmt=".jpg"):
    """A header and a picture as one record. Needs the package cv2.

    Args:
        header (IRHeader): See `pack`.
        img (numpy.ndarray): The picture, uint8 of shape (height, width, 3), blue first, or (height,
            width).
        quality (int): For ".jpg" from 1 to 100, for ".png" the compression from 0 to 9.
        img_fmt (str): ".jpg" or ".png".

    Raises:
        MXNetError: cv2 is not installed, or cannot write such a picture.
    """
    cv2 = opencv("pack_img", "writes pictures")
    kinds = {
        ".jpg": cv2.IMWRITE_JPEG_QUALITY,
        ".jpeg": cv2.IMWRITE_JPEG_QUALITY,
        ".png": cv2.IMWRITE_PNG_COMPRESSION,
    }
    kind = kinds.get(img_fmt.lower())
    img = img.asnumpy() if hasattr(img, "asnumpy") else img
    try:
        written, buf = cv2.imencode(img_fmt, img, None if kind is None else [kind, quality])
    except cv2.error as cause:
        raise error.AssertedValueError(
            f"pack_img: img_fmt={img_fmt!r} cannot be written ({str(cause).strip()}); .jpg or .png "
            "and an array of uint8 are expected"
        ) from cause
    if not written:
        raise error.ValueError(f"pack_img: img_fmt={img_fmt!r} cannot be written; .jpg is expected")
    return pack(header, buf.tobytes())
