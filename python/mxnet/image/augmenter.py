"""Augmenters: callable objects that change one picture. Here those that move or cut pixels."""

import json
import random

import numpy as np

from .. import error
from .. import ndarray as nd
from .functions import (
    center_crop,
    choose_interpolation,
    imresize,
    random_crop,
    random_size_crop,
    resize_short,
    to_ndarray,
)

__all__ = [
    "Augmenter",
    "SequentialAug",
    "RandomOrderAug",
    "ResizeAug",
    "ForceResizeAug",
    "RandomCropAug",
    "RandomSizedCropAug",
    "CenterCropAug",
    "HorizontalFlipAug",
    "CastAug",
]


def _plain(value):
    return value.tolist() if isinstance(value, np.ndarray) else value


class Augmenter:
    """Base of all augmenters: called with a picture, it gives a picture.

    Args:
        **kwargs: The arguments that describe it in `dumps`; arrays become lists.
    """

    def __init__(self, **kwargs):
        self._kwargs = {
            key: _plain(value.asnumpy() if isinstance(value, nd.NDArray) else value)
            for key, value in kwargs.items()
        }

    def dumps(self):
        """The class's name in small letters and its arguments, as JSON."""
        return json.dumps([type(self).__name__.lower(), self._kwargs])

    def __call__(self, src):
        """The changed picture; `src` may be changed in place."""
        raise error.NotImplementedError(f"{type(self).__name__}: __call__ must be overridden")


class SequentialAug(Augmenter):
    """Applies augmenters one after the other.

    Args:
        ts (list of Augmenter): The augmenters.
    """

    def __init__(self, ts):
        super().__init__()
        self.ts = ts

    def dumps(self):
        """The class's name in small letters and what its augmenters dump."""
        return [type(self).__name__.lower(), [aug.dumps() for aug in self.ts]]

    def __call__(self, src):
        for aug in self.ts:
            src = aug(src)
        return src


class RandomOrderAug(SequentialAug):
    """Applies augmenters in an order that changes from picture to picture.

    Args:
        ts (list of Augmenter): The augmenters.
    """

    def __call__(self, src):
        random.shuffle(self.ts)
        return super().__call__(src)


class ResizeAug(Augmenter):
    """Resizes so that the shorter side has `size` pixels; see `resize_short`."""

    def __init__(self, size, interp=2):
        super().__init__(size=size, interp=interp)
        self.size = size
        self.interp = interp

    def __call__(self, src):
        return resize_short(src, self.size, self.interp)


class ForceResizeAug(Augmenter):
    """Resizes to `size` (width, height) whatever the aspect ratio."""

    def __init__(self, size, interp=2):
        super().__init__(size=size, interp=interp)
        self.size = size
        self.interp = interp

    def __call__(self, src):
        sizes = (src.shape[0], src.shape[1], self.size[1], self.size[0])
        return imresize(src, *self.size, interp=choose_interpolation(self.interp, sizes))


class RandomCropAug(Augmenter):
    """Cuts out a rectangle of `size` (width, height) at random; see `random_crop`."""

    def __init__(self, size, interp=2):
        super().__init__(size=size, interp=interp)
        self.size = size
        self.interp = interp

    def __call__(self, src):
        return random_crop(src, self.size, self.interp)[0]


class RandomSizedCropAug(Augmenter):
    """Cuts out a rectangle of random area and aspect ratio; see `random_size_crop`."""

    def __init__(self, size, area, ratio, interp=2, **kwargs):
        area = kwargs.pop("min_area", area)
        if kwargs:
            raise error.TypeError(f"RandomSizedCropAug: unknown arguments {sorted(kwargs)}")
        super().__init__(size=size, area=area, ratio=ratio, interp=interp)
        self.size = size
        self.area = area
        self.ratio = ratio
        self.interp = interp

    def __call__(self, src):
        return random_size_crop(src, self.size, self.area, self.ratio, self.interp)[0]


class CenterCropAug(Augmenter):
    """Cuts out the middle, of `size` (width, height); see `center_crop`."""

    def __init__(self, size, interp=2):
        super().__init__(size=size, interp=interp)
        self.size = size
        self.interp = interp

    def __call__(self, src):
        return center_crop(src, self.size, self.interp)[0]


class HorizontalFlipAug(Augmenter):
    """Exchanges left and right with probability `p`."""

    def __init__(self, p):
        super().__init__(p=p)
        self.p = p

    def __call__(self, src):
        if random.random() >= self.p:
            return src
        return to_ndarray(np.ascontiguousarray(src.asnumpy()[:, ::-1]))


class CastAug(Augmenter):
    """Converts to the dtype `typ`."""

    def __init__(self, typ="float32"):
        super().__init__(type=typ)
        self.typ = typ

    def __call__(self, src):
        return src.astype(self.typ)
