"""Transforms that move pixels."""

import numpy as np

from ..... import error, image
from .....base import integer_types
from ....block import Block, HybridBlock
from .basic import PictureBlock, check_size

__all__ = [
    "Resize",
    "CropResize",
    "CenterCrop",
    "RandomCrop",
    "RandomResizedCrop",
    "RandomFlipLeftRight",
    "RandomFlipTopBottom",
    "Rotate",
    "RandomRotation",
]


class Resize(HybridBlock):
    """Resizes pictures.

    Args:
        size (int or tuple of int): Width and height, or one number for both.
        keep_ratio (bool): Whether one number is that of the shorter side only.
        interpolation (int): As in `mx.nd.image.resize`.
    """

    def __init__(self, size, keep_ratio=False, interpolation=1):
        super().__init__()
        sizes = check_size("Resize", size)
        self._size = sizes if isinstance(size, (tuple, list)) else sizes[:1]
        self._keep = keep_ratio
        self._interpolation = interpolation

    def hybrid_forward(self, F, x):
        return F.image.resize(x, self._size, self._keep, self._interpolation)


class CropResize(HybridBlock):
    """Cuts a rectangle out of pictures, and resizes it.

    Args:
        x (int): Its left side.
        y (int): Its upper side.
        width (int): Its width.
        height (int): Its height.
        size (int or tuple of int): Size of the result; None to leave it.
        interpolation (int): As in `mx.nd.image.resize`.
    """

    def __init__(self, x, y, width, height, size=None, interpolation=None):
        super().__init__()
        self._rectangle = x, y, width, height
        self._size = size and check_size("CropResize", size)
        self._interpolation = 1 if interpolation is None else interpolation

    def hybrid_forward(self, F, x):
        part = F.image.crop(x, *self._rectangle)
        return F.image.resize(part, self._size, False, self._interpolation) if self._size else part


class CenterCrop(PictureBlock):
    """Cuts the middle out of pictures, which are enlarged if they are smaller.

    Args:
        size (int or tuple of int): Width and height.
        interpolation (int): As in `mx.image.imresize`.
    """

    def __init__(self, size, interpolation=1):
        super().__init__()
        self._size = check_size("CenterCrop", size)
        self._interpolation = interpolation

    def apply_to(self, picture):
        return image.center_crop(picture, self._size, self._interpolation)[0]


class RandomCrop(PictureBlock):
    """Cuts a rectangle at a random place out of pictures.

    Args:
        size (int or tuple of int): Width and height.
        pad (int or tuple of int): How much is put around first: on all sides, or before and after
            for each of the three axes.
        pad_value (int): What is put there.
        interpolation (int): As in `mx.image.imresize`, for pictures that are smaller.
    """

    def __init__(self, size, pad=None, pad_value=0, interpolation=1):
        super().__init__()
        self._size = check_size("RandomCrop", size)
        self._pad = (
            (pad, pad, pad, pad) if isinstance(pad, integer_types) else pad and tuple(pad)[:4]
        )
        self._pad_value = pad_value
        self._interpolation = interpolation

    def apply_to(self, picture):
        if self._pad:
            picture = image.copyMakeBorder(picture, *self._pad, values=[self._pad_value] * 3)
        return image.random_crop(picture, self._size, self._interpolation)[0]


class RandomResizedCrop(PictureBlock):
    """Cuts a rectangle of random place, area and aspect ratio out of pictures, and resizes it.

    Args:
        size (int or tuple of int): Width and height.
        scale (tuple of float): Least and greatest part of the area.
        ratio (tuple of float): Least and greatest width / height.
        interpolation (int): As in `mx.image.imresize`.
    """

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3.0 / 4.0, 4.0 / 3.0), interpolation=1):
        super().__init__()
        self._size = check_size("RandomResizedCrop", size)
        self._scale = scale
        self._ratio = ratio
        self._interpolation = interpolation

    def apply_to(self, picture):
        return image.random_size_crop(
            picture, self._size, self._scale, self._ratio, self._interpolation
        )[0]


class RandomFlipLeftRight(HybridBlock):
    """Turns a picture into its mirror image, or leaves it."""

    def hybrid_forward(self, F, x):
        return F.image.random_flip_left_right(x)


class RandomFlipTopBottom(HybridBlock):
    """Turns a picture upside down, or leaves it."""

    def hybrid_forward(self, F, x):
        return F.image.random_flip_top_bottom(x)


class Rotate(Block):
    """Turns pictures of shape (C, H, W) or (N, C, H, W), as `ToTensor` gives them.

    Args:
        rotation_degrees (float): How far, against the clock.
        zoom_in (bool): Whether to enlarge so that no corner is empty.
        zoom_out (bool): Whether to shrink so that nothing is lost.
    """

    def __init__(self, rotation_degrees, zoom_in=False, zoom_out=False):
        super().__init__()
        self._args = rotation_degrees, zoom_in, zoom_out

    def forward(self, x):
        _need_float32("Rotate", x)
        return image.imrotate(x, *self._args)


class RandomRotation(Block):
    """Turns pictures by a random angle; see `Rotate`.

    Args:
        angle_limits (tuple of float): Least and greatest angle.
        zoom_in (bool): Whether to enlarge so that no corner is empty.
        zoom_out (bool): Whether to shrink so that nothing is lost.
        rotate_with_proba (float): Probability that a picture is turned.
    """

    def __init__(self, angle_limits, zoom_in=False, zoom_out=False, rotate_with_proba=1.0):
        super().__init__()
        lower, upper = angle_limits
        if lower >= upper:
            raise error.ValueError(
                f"RandomRotation: angle_limits={angle_limits} are not in order; expected the least "
                "first"
            )
        if not 0 <= rotate_with_proba <= 1:
            raise error.ValueError(
                f"RandomRotation: rotate_with_proba={rotate_with_proba} is no probability; "
                "expected 0 to 1"
            )
        self._args = angle_limits, zoom_in, zoom_out
        self._probability = rotate_with_proba

    def forward(self, x):
        _need_float32("RandomRotation", x)
        if np.random.random() > self._probability:
            return x
        return image.random_rotate(x, *self._args)


def _need_float32(owner, x):
    dtype = np.dtype(x.dtype)
    if dtype != np.float32:
        raise error.TypeError(
            f"{owner}: the picture is of type {dtype}; expected float32, as ToTensor gives it"
        )
