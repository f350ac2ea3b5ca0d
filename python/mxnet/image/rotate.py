"""Rotation of pictures held as NDArrays (channels, height, width)."""

import math

import numpy as np

from .. import error as errors
from .. import ndarray as nd
from .functions import to_ndarray

__all__ = ["imrotate", "random_rotate"]


def _sample(picture, rows, columns):
    """`picture` (channels, height, width) between its pixels by linear interpolation; 0 outside."""
    height, width = picture.shape[1:]
    top, left = np.floor(rows).astype(np.int64), np.floor(columns).astype(np.int64)
    out = np.zeros((picture.shape[0], *rows.shape), np.float64)
    for y in (top, top + 1):
        for x in (left, left + 1):
            weight = (1 - abs(rows - y)) * (1 - abs(columns - x))
            inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
            pixels = picture[:, y.clip(0, height - 1), x.clip(0, width - 1)]
            out += np.where(inside, weight, 0) * pixels
    return out.astype(picture.dtype)


def _rotate(picture, degrees, zoom_in, zoom_out):
    height, width = picture.shape[1:]
    angle = math.radians(degrees)
    cosine, sine = math.cos(angle), math.sin(angle)
    # How much larger than the picture the box around the turned picture is.
    growth = max(
        (width * abs(cosine) + height * abs(sine)) / width,
        (width * abs(sine) + height * abs(cosine)) / height,
    )
    scale = growth if zoom_out else 1 / growth if zoom_in else 1.0
    center_y, center_x = (height - 1) / 2, (width - 1) / 2
    y, x = np.mgrid[0:height, 0:width]
    y, x = (y - center_y) * scale, (x - center_x) * scale
    return _sample(picture, x * sine + y * cosine + center_y, x * cosine - y * sine + center_x)


def imrotate(src, rotation_degrees, zoom_in=False, zoom_out=False):
    """Turns pictures counterclockwise round their middle, at unchanged size.

    Args:
        src (NDArray): float32 of shape (channels, height, width), or with a batch axis before.
        rotation_degrees (float or NDArray): The angle; for a batch also one angle for each picture.
        zoom_in (bool): Enlarge until nothing outside the picture shows.
        zoom_out (bool): Shrink until all of the picture shows.

    Returns:
        NDArray: The turned pictures, 0 where they show nothing.

    Raises:
        TypeError: `src` is not float32, or there are several angles for one picture.
        ValueError: Both zooms, another rank, or not one angle for each picture.
    """
    if zoom_in and zoom_out:
        raise errors.ValueError(
            "imrotate: zoom_in=True and zoom_out=True; only one of them is expected"
        )
    array = src.asnumpy()
    if array.dtype != np.float32:
        raise errors.TypeError(f"imrotate: src has dtype {array.dtype}; float32 is expected")
    if array.ndim not in (3, 4):
        raise errors.ValueError(
            f"imrotate: src has shape {array.shape}; (channels, height, width), with or without a"
            " batch axis before, is expected"
        )
    several = isinstance(rotation_degrees, nd.NDArray)
    angles = rotation_degrees.asnumpy() if several else rotation_degrees
    if array.ndim == 3:
        if several:
            raise errors.TypeError(
                "imrotate: several rotation_degrees for one picture; one is expected"
            )
        return to_ndarray(_rotate(array, angles, zoom_in, zoom_out))
    angles = np.ravel(angles) if several else [angles] * len(array)
    if len(angles) != len(array):
        raise errors.ValueError(
            f"imrotate: {len(angles)} rotation_degrees for {len(array)} pictures; one for each is"
            " expected"
        )
    turned = [_rotate(p, a, zoom_in, zoom_out) for p, a in zip(array, angles)]
    return to_ndarray(np.stack(turned))


def random_rotate(src, angle_limits, zoom_in=False, zoom_out=False):
    """Turns pictures by random angles; see `imrotate`.

    Args:
        src (NDArray): float32 of shape (channels, height, width), or with a batch axis before.
        angle_limits (tuple of float): Least and greatest angle in degrees.
        zoom_in, zoom_out (bool): As in `imrotate`.

    Returns:
        NDArray: The turned pictures.
    """
    if len(src.shape) == 3:
        angles = np.random.uniform(*angle_limits)
    else:
        angles = nd.array(np.random.uniform(*angle_limits, size=src.shape[0]))
    return imrotate(src, angles, zoom_in=zoom_in, zoom_out=zoom_out)
