"""What MXNet 1.9.1 has as operators on picture files.

They are names in `mxnet.ndarray`, which knows nothing of files: this module puts them there.
"""

import numpy as np

from .. import error
from .. import ndarray as nd
from .._numpy_mode import of_mode
from . import functions

__all__ = ["imdecode"]


def _cvimdecode(buf, flag=1, to_rgb=1, out=None, name=None):
    """Decodes a picture file; see `mxnet.image.imdecode`."""
    return functions.imdecode(buf, flag, to_rgb, out)


def _cvimread(filename, flag=1, to_rgb=1, out=None, name=None):
    """Reads a picture file; see `mxnet.image.imread`."""
    return functions.imread(filename, flag, to_rgb, out)


def _cvimresize(src, w, h, interp=1, out=None, name=None):
    """Resizes a picture; see `mxnet.image.imresize`."""
    return functions.imresize(src, w, h, interp, out)


def _cvcopyMakeBorder(
    src, top, bot, left, right, type=0, value=0.0, values=(), out=None, name=None
):
    """Adds rows and columns around a picture; see `mxnet.image.copyMakeBorder`."""
    return functions.copyMakeBorder(src, top, bot, left, right, type, value, values, out)


def _clip(picture, rectangle):
    """The part (left, top, right, bottom) of a picture; all of it for zeros."""
    left, top, right, bottom = rectangle
    if not any(rectangle):
        return picture
    height, width = picture.shape[:2]
    if not (0 <= left < right <= width and 0 <= top < bottom <= height):
        raise error.ValueError(
            f"imdecode: clip_rect={tuple(rectangle)} is no part of a picture of {width}x{height}; "
            "(left, top, right, bottom) inside of it is expected"
        )
    return picture[top:bottom, left:right]


def imdecode(str_img, clip_rect=(0, 0, 0, 0), out=None, index=0, channels=3, mean=None):
    """Decodes a picture file to channels before height and width; older than `mxnet.image`.

    Args:
        str_img (bytes): Content of the file.
        clip_rect (tuple of int): Left, top, right and bottom of the part to keep; zeros for all.
        out (NDArray): Array to write to, (channels, height, width) or a batch of such.
        index (int): Which of the batch.
        channels (int): 3 for red, green and blue, 1 for gray.
        mean (NDArray): To subtract, of a shape that broadcasts to (channels, height, width).

    Returns:
        NDArray: `out`, or a float32 array (channels, height, width).

    Raises:
        ValueError: The bytes are no picture, or an argument does not fit to it.
    """
    if channels not in (1, 3):
        raise error.ValueError(f"imdecode: channels={channels} is unknown; 1 or 3 is expected")
    picture = _clip(functions.imdecode(str_img, flag=int(channels == 3)).asnumpy(), clip_rect)
    planes = np.moveaxis(picture, -1, 0).astype(np.float32)
    if mean is not None:
        mean = mean.asnumpy() if isinstance(mean, nd.NDArray) else np.asarray(mean, np.float32)
        planes = planes - mean
    if out is None:
        return of_mode(nd.array(planes, dtype="float32"))
    _checked_target(out, index, planes.shape)[:] = planes
    return out


def _checked_target(out, index, shape):
    if out.ndim == 4 and not 0 <= index < out.shape[0]:
        raise error.ValueError(
            f"imdecode: index={index} is out of range; 0 to {out.shape[0] - 1} is expected"
        )
    target = out[index] if out.ndim == 4 else out
    if target.shape != shape:
        raise error.ValueError(
            f"imdecode: out has shape {out.shape}; a place for {shape} is expected"
        )
    return target


def _imdecode(
    mean=None, index=0, x0=0, y0=0, x1=0, y1=0, c=3, size=None, str_img=None, out=None, name=None
):
    """Decodes a picture file; see `imdecode`."""
    return imdecode(str_img, (x0, y0, x1, y1), out, index, c, mean)


nd.imdecode = imdecode
for _function in (_cvimdecode, _cvimread, _cvimresize, _cvcopyMakeBorder, _imdecode):
    setattr(nd._internal, _function.__name__, _function)
