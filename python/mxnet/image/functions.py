"""Reading, resizing and cropping pictures held as NDArrays (height, width, channels)."""

import math
import random

import numpy as np

from .. import _files
from .. import error as errors
from .. import ndarray as nd
from .._numpy_mode import of_mode

__all__ = [
    "imread",
    "imdecode",
    "imresize",
    "scale_down",
    "copyMakeBorder",
    "resize_short",
    "fixed_crop",
    "random_crop",
    "center_crop",
    "random_size_crop",
    "color_normalize",
]

_AUTOMATIC, _RANDOM = 9, 10
_LINEAR, _CUBIC, _AREA = 1, 2, 3
_BORDERS = 5
_CROP_ATTEMPTS = 10
# More bytes than any picture file has. Something that goes on for ever, as /dev/zero, has more.
_LARGEST_FILE = 1 << 30


def _native():
    """The codecs, loaded on first use so that importing mxnet does not pay for them."""
    from .. import _image

    return _image


def to_numpy(src, name):
    """The picture `src` of function `name` as a contiguous array of three dimensions."""
    if not isinstance(src, (nd.NDArray, np.ndarray)):
        raise errors.AssertedTypeError(
            f"{name}: src is of type {type(src).__name__}; expected an NDArray"
        )
    array = src if isinstance(src, np.ndarray) else src.asnumpy()
    if array.ndim != 3:
        raise errors.ValueError(
            f"{name}: src has shape {array.shape}; (height, width, channels) is expected"
        )
    return np.ascontiguousarray(array)


def to_ndarray(array):
    """`array` as NDArray of the same dtype."""
    return of_mode(nd.array(array, dtype=array.dtype))


def read_file(filename, name):
    """Content of a picture file, for the function `name`.

    Raises:
        OSError: It cannot be read.
        ValueError: It does not end within a gigabyte.
    """
    with open(_files.refuse_remote(filename, f"{name}: filename"), "rb") as file:
        data = file.read(_LARGEST_FILE)
        if file.read(1):
            raise errors.ValueError(
                f"{name}: filename={str(filename)!r} has more than {_LARGEST_FILE} bytes; an image"
                " file is expected"
            )
    return data


def _decode(data, name, flag=1, to_rgb=1, out=None):
    if flag not in (0, 1):
        raise errors.ValueError(
            f"{name}: flag={flag} is unknown; 0 (grayscale) or 1 (color) is expected"
        )
    pixels = to_ndarray(_native().decode(data, int(flag), bool(to_rgb)))
    if out is None:
        return pixels
    out[:] = pixels
    return out


def decode_as_opencv(buf, flag, name):
    """A picture file as `cv2.imdecode` gives it, for the function `name`.

    Args:
        buf (bytes): Content of the file.
        flag (int): -1 for the channels that are stored, 0 for grayscale, 1 for color.
        name (str): The function, for messages.

    Returns:
        numpy.ndarray: uint8 of shape (height, width, channels), blue first, or (height, width).
    """
    if flag not in (-1, 0, 1):
        raise errors.ValueError(
            f"{name}: iscolor={flag} is unknown; -1 (as stored), 0 (grayscale) or 1 (color) is "
            "expected"
        )
    pixels = _native().decode(buf, int(flag), False)
    return pixels[:, :, 0] if pixels.shape[2] == 1 else pixels


def imread(filename, flag=1, to_rgb=1, out=None):
    """Reads a picture from a JPEG, PNG, BMP or PNM file.

    The picture is as it is stored: an EXIF orientation is not applied.

    Args:
        filename (str): Path of the file.
        flag (int): 1 for three channels, 0 for grayscale.
        to_rgb (bool): Channels in the order red, green, blue; otherwise blue, green, red.
        out (NDArray): Array to write to.

    Returns:
        NDArray: uint8 of shape (height, width, 3), or (height, width, 1) for grayscale.

    Raises:
        MXNetError: The file cannot be opened or is no picture.

    Example:
        >>> mx.image.imread("dog.jpg").shape
        (576, 768, 3)
    """
    try:
        data = read_file(filename, "imread")
    except OSError as error:
        raise errors.MXNetError(
            f"imread: filename={str(filename)!r} cannot be opened ({error.strerror}); an image"
            " file is expected"
        ) from error
    try:
        return _decode(data, "imread", flag, to_rgb, out)
    except errors.MXNetError as error:
        raise type(error)(f"imread: filename={str(filename)!r}: {error}") from error


def imdecode(buf, flag=1, to_rgb=1, out=None):
    """Decodes a picture from the bytes of a JPEG, PNG, BMP or PNM file.

    Args:
        buf (bytes, bytearray, numpy.ndarray or NDArray): Content of the file, as uint8.
        flag (int): 1 for three channels, 0 for grayscale.
        to_rgb (bool): Channels in the order red, green, blue; otherwise blue, green, red.
        out (NDArray): Array to write to.

    Returns:
        NDArray: uint8 of shape (height, width, 3), or (height, width, 1) for grayscale.

    Raises:
        ValueError: `buf` is text.
        MXNetError: The bytes are no picture.
    """
    if isinstance(buf, nd.NDArray):
        buf = buf.asnumpy()
    if isinstance(buf, np.ndarray):
        buf = np.ascontiguousarray(buf)
    elif not isinstance(buf, (bytes, bytearray, memoryview)):
        raise errors.ValueError(
            f"imdecode: buf is a {type(buf).__name__}; bytes, bytearray or numpy.ndarray is"
            " expected (convert text to bytes first)"
        )
    return _decode(buf, "imdecode", flag, to_rgb, out)


def choose_interpolation(interp, sizes=None):
    """The method 0 to 4 behind `interp`, which may also be 9 (automatic) or 10 (random).

    Args:
        interp (int): As in `resize_short`.
        sizes (tuple of int): Old height, old width, new height, new width; without it, automatic
            means cubic.
    """
    if interp == _AUTOMATIC:
        if not sizes:
            return _CUBIC
        old_h, old_w, new_h, new_w = sizes
        if new_h > old_h and new_w > old_w:
            return _CUBIC
        return _AREA if new_h < old_h and new_w < old_w else _LINEAR
    if interp == _RANDOM:
        return random.randint(0, 4)
    if interp not in range(5):
        raise errors.ValueError(
            f"interp={interp} is unknown; 0 nearest, 1 linear, 2 cubic, 3 area, 4 Lanczos,"
            " 9 automatic or 10 random is expected"
        )
    return interp


def imresize(src, w, h, interp=1, out=None):
    """Resizes a picture, with the numbers of OpenCV.

    Args:
        src (NDArray): uint8 or float32 of shape (height, width, channels).
        w (int): New width.
        h (int): New height.
        interp (int): 0 nearest, 1 linear, 2 cubic, 3 area, 4 Lanczos, 9 automatic, 10 random.
        out (NDArray): Array to write to.

    Returns:
        NDArray: Shape (h, w, channels), dtype of `src`.

    Raises:
        MXNetError: A size is not positive (also a ValueError), or `src` has another rank
            (ValueError) or dtype (TypeError).
    """
    array = to_numpy(src, "imresize")
    if w < 1 or h < 1:
        raise errors.ValueError(f"imresize: w={w}, h={h} is no size; 1 or more is expected")
    if array.dtype not in (np.uint8, np.float32):
        raise errors.TypeError(
            f"imresize: src has dtype {array.dtype}; uint8 or float32 is expected"
        )
    interp = choose_interpolation(interp, (*array.shape[:2], h, w))
    resized = to_ndarray(_native().resize(array, int(h), int(w), interp))
    if out is None:
        return resized
    out[:] = resized
    return out


def copyMakeBorder(src, top, bot, left, right, type=0, value=0.0, values=(), out=None):
    """Adds rows and columns around a picture.

    Args:
        src (NDArray): Shape (height, width, channels).
        top, bot, left, right (int): Number of rows and columns to add on each side.
        type (int): What they hold: 0 a constant, 1 the edge (aaa|abcd|ddd), 2 the reflection
            (cba|abcd|dcb), 3 the other side (bcd|abcd|abc), 4 the reflection without the edge
            (dcb|abcd|cba).
        value (float): The constant, for all channels.
        values (tuple of float): The constant for each channel.
        out (NDArray): Array to write to.

    Returns:
        NDArray: Shape (height + top + bot, width + left + right, channels), dtype of `src`.

    Raises:
        MXNetError: A margin is negative or `type` is unknown.
    """
    array = to_numpy(src, "copyMakeBorder")
    if type not in range(_BORDERS):
        raise errors.ValueError(f"copyMakeBorder: type={type} is unknown; 0 to 4 is expected")
    height, width, channels = array.shape
    fill = np.array(list(values)[:channels] if len(values) else [value] * channels)
    if array.dtype.kind in "iu":
        limits = np.iinfo(array.dtype)
        fill = np.clip(np.rint(fill), limits.min, limits.max)
    # The pixels are moved as bytes, whatever their dtype.
    raw = array.view(np.uint8).reshape(height, width, -1)
    fill = fill.astype(array.dtype).view(np.uint8).tolist()
    framed = _native().copy_make_border(raw, top, bot, left, right, type, fill)
    framed = to_ndarray(framed.reshape(*framed.shape[:2], -1).view(array.dtype))
    if out is None:
        return framed
    out[:] = framed
    return out


def scale_down(src_size, size):
    """Shrinks a crop so that it fits into a picture, keeping its aspect ratio.

    Args:
        src_size (tuple of int): Width and height of the picture.
        size (tuple of int): Width and height of the crop.

    Returns:
        tuple of int: Width and height of the crop that fits.

    Example:
        >>> mx.image.scale_down((640, 480), (720, 120))
        (640, 106)
    """
    width, height = size
    src_width, src_height = src_size
    if src_height < height:
        width, height = width * src_height / height, src_height
    if src_width < width:
        width, height = src_width, height * src_width / width
    return int(width), int(height)


def resize_short(src, size, interp=2):
    """Resizes a picture so that its shorter side has `size` pixels.

    Args:
        src (NDArray): Shape (height, width, channels).
        size (int): New length of the shorter side.
        interp (int): 0 nearest, 1 linear, 2 cubic, 3 area, 4 Lanczos; 9 cubic when enlarging, area
            when shrinking and linear otherwise; 10 one of the five at random.

    Returns:
        NDArray: The resized picture.
    """
    height, width = src.shape[:2]
    if height > width:
        new_height, new_width = size * height // width, size
    else:
        new_height, new_width = size, size * width // height
    return imresize(src, new_width, new_height, interp)


def fixed_crop(src, x0, y0, w, h, size=None, interp=2):
    """Cuts out a rectangle and resizes it when `size` differs.

    Args:
        src (NDArray): Shape (height, width, channels).
        x0, y0 (int): Column and row of the upper left corner.
        w, h (int): Width and height of the rectangle.
        size (tuple of int): Width and height of the result.
        interp (int): As in `resize_short`.

    Returns:
        NDArray: The rectangle.
    """
    out = src[y0 : y0 + h, x0 : x0 + w]
    if size is None or (w, h) == tuple(size):
        return out
    interp = choose_interpolation(interp, (h, w, size[1], size[0]))
    return imresize(out, size[0], size[1], interp)


def random_crop(src, size, interp=2):
    """Cuts out a rectangle of `size` at random; shrinks it first when the picture is smaller.

    Args:
        src (NDArray): Shape (height, width, channels).
        size (tuple of int): Width and height of the result.
        interp (int): As in `resize_short`.

    Returns:
        tuple: The crop, and its place (x0, y0, width, height) in `src`.
    """
    height, width = src.shape[:2]
    w, h = scale_down((width, height), size)
    x0 = random.randint(0, width - w)
    y0 = random.randint(0, height - h)
    return fixed_crop(src, x0, y0, w, h, size, interp), (x0, y0, w, h)


def center_crop(src, size, interp=2):
    """Cuts out the middle of a picture; shrinks the rectangle first when the picture is smaller.

    Args:
        src (NDArray): Shape (height, width, channels).
        size (tuple of int): Width and height of the result.
        interp (int): As in `resize_short`.

    Returns:
        tuple: The crop, and its place (x0, y0, width, height) in `src`.
    """
    height, width = src.shape[:2]
    w, h = scale_down((width, height), size)
    x0, y0 = (width - w) // 2, (height - h) // 2
    return fixed_crop(src, x0, y0, w, h, size, interp), (x0, y0, w, h)


def random_size_crop(src, size, area, ratio, interp=2, **kwargs):
    """Cuts out a rectangle of random area and aspect ratio and resizes it to `size`.

    Args:
        src (NDArray): Shape (height, width, channels).
        size (tuple of int): Width and height of the result.
        area (float or tuple of float): Least (and greatest) part of the picture's area.
        ratio (tuple of float): Least and greatest width / height.
        interp (int): As in `resize_short`.

    Returns:
        tuple: The crop, and its place (x0, y0, width, height) in `src`. When no rectangle fits
        after ten attempts it is the one in the middle.
    """
    area = kwargs.pop("min_area", area)
    if kwargs:
        raise errors.TypeError(f"random_size_crop: unknown arguments {sorted(kwargs)}")
    height, width = src.shape[:2]
    least, most = (area, 1.0) if isinstance(area, (int, float)) else area
    for _ in range(_CROP_ATTEMPTS):
        pixels = random.uniform(least, most) * height * width
        aspect = math.exp(random.uniform(math.log(ratio[0]), math.log(ratio[1])))
        w, h = int(round(math.sqrt(pixels * aspect))), int(round(math.sqrt(pixels / aspect)))
        if w <= width and h <= height:
            x0 = random.randint(0, width - w)
            y0 = random.randint(0, height - h)
            return fixed_crop(src, x0, y0, w, h, size, interp), (x0, y0, w, h)
    return center_crop(src, size, interp)


def color_normalize(src, mean, std=None):
    """Subtracts `mean` from a picture and divides it by `std`, in place.

    Args:
        src (NDArray): float32 of shape (height, width, channels).
        mean (NDArray): To subtract, of a shape that broadcasts; None for nothing.
        std (NDArray): To divide by; None for nothing.

    Returns:
        NDArray: `src`.
    """
    if mean is not None:
        src -= mean
    if std is not None:
        src /= std
    return src
