"""Augmenters that change a picture together with the boxes of its objects."""

import json
import math
import random
import warnings

import numpy as np

from .. import error as errors
from .augmenter import Augmenter
from .boxes import areas, clipped, covered, moved
from .functions import copyMakeBorder, fixed_crop, to_ndarray

__all__ = [
    "DetAugmenter",
    "DetBorrowAug",
    "DetRandomSelectAug",
    "DetHorizontalFlipAug",
    "DetRandomCropAug",
    "DetRandomPadAug",
]


class DetAugmenter:
    """Base of all augmenters of pictures with boxes.

    Called with a picture and its label, it gives both. A label is an array of rows (class, left,
    top, right, bottom, ...), sides as parts of width and height; rows of -1 are no objects.

    Args:
        **kwargs: The arguments that describe it in `dumps`; arrays become lists.
    """

    def __init__(self, **kwargs):
        self._kwargs = Augmenter(**kwargs)._kwargs

    def dumps(self):
        """The class's name in small letters and its arguments, as JSON."""
        return json.dumps([type(self).__name__.lower(), self._kwargs])

    def __call__(self, src, label):
        """The changed picture and its label; both may be changed in place."""
        raise errors.NotImplementedError(f"{type(self).__name__}: __call__ must be overridden")


class DetBorrowAug(DetAugmenter):
    """An augmenter of pictures alone, which leaves boxes where they are.

    Args:
        augmenter (Augmenter): One that moves no pixels, or resizes the whole picture.
    """

    def __init__(self, augmenter):
        if not isinstance(augmenter, Augmenter):
            raise errors.TypeError(
                f"DetBorrowAug: augmenter is a {type(augmenter).__name__}; an Augmenter is expected"
            )
        super().__init__()
        self.augmenter = augmenter

    def dumps(self):
        """The class's name in small letters and what the augmenter dumps."""
        return [type(self).__name__.lower(), self.augmenter.dumps()]

    def __call__(self, src, label):
        return self.augmenter(src), label


class DetRandomSelectAug(DetAugmenter):
    """Applies one of several augmenters, or none.

    Args:
        aug_list (list of DetAugmenter): The augmenters; one may stand alone.
        skip_prob (float): Probability that none is applied.
    """

    def __init__(self, aug_list, skip_prob=0):
        super().__init__(skip_prob=skip_prob)
        aug_list = list(aug_list) if isinstance(aug_list, (list, tuple)) else [aug_list]
        for aug in aug_list:
            if not isinstance(aug, DetAugmenter):
                raise errors.ValueError(
                    f"DetRandomSelectAug: aug_list holds a {type(aug).__name__}; objects of "
                    "DetAugmenter are expected"
                )
        self.aug_list = aug_list
        self.skip_prob = skip_prob if aug_list else 1

    def dumps(self):
        """The class's name in small letters and what its augmenters dump."""
        return [type(self).__name__.lower(), [aug.dumps() for aug in self.aug_list]]

    def __call__(self, src, label):
        if random.random() < self.skip_prob:
            return src, label
        random.shuffle(self.aug_list)
        return self.aug_list[0](src, label)


class DetHorizontalFlipAug(DetAugmenter):
    """Exchanges left and right with probability `p`."""

    def __init__(self, p):
        super().__init__(p=p)
        self.p = p

    def __call__(self, src, label):
        if random.random() >= self.p:
            return src, label
        label[:, (1, 3)] = 1 - label[:, (3, 1)]
        return to_ndarray(np.ascontiguousarray(src.asnumpy()[:, ::-1])), label


def _as_range(value):
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


class _RandomBox(DetAugmenter):
    """Base of the augmenters that look for a rectangle of random shape and area.

    Args:
        aspect_ratio_range (tuple of float): Least and greatest width / height.
        area_range (tuple of float): Least and greatest area, as parts of the picture's.
        max_attempts (int): How often a rectangle is drawn before the picture is left as it is.
    """

    def __init__(self, aspect_ratio_range, area_range, max_attempts, **kwargs):
        self.aspect_ratio_range = _as_range(aspect_ratio_range)
        self.area_range = _as_range(area_range)
        self.max_attempts = max_attempts
        super().__init__(
            aspect_ratio_range=list(self.aspect_ratio_range),
            area_range=list(self.area_range),
            max_attempts=max_attempts,
            **kwargs,
        )
        self.enabled = self._check("area_range", self.area_range) and self._check(
            "aspect_ratio_range", self.aspect_ratio_range
        )

    # An area that is not over this changes nothing.
    _no_area = 0

    def _check(self, name, limits):
        lower, upper = limits
        above = self._no_area if name == "area_range" else 0
        if lower <= upper and upper > above:
            return True
        warnings.warn(
            f"{type(self).__name__}: {name}={limits} has no effect, pictures stay as they are; "
            f"expected the lesser number first, and one over {above}",
            stacklevel=4,
        )
        return False

    def _draw_height(self, ratio, height, width):
        """Height of a rectangle with that width / height, or None."""
        raise NotImplementedError

    def _heights(self, ratio, height, width):
        """Heights of rectangles of the least and of the greatest area."""
        least, most = (each * height * width for each in self.area_range)
        return int(round(math.sqrt(least / ratio))), int(round(math.sqrt(most / ratio)))

    def _attempts(self):
        """Ratios for as many attempts as there may be."""
        for _ in range(self.max_attempts):
            ratio = random.uniform(*self.aspect_ratio_range)
            if ratio > 0:
                yield ratio


class DetRandomCropAug(_RandomBox):
    """Cuts out a rectangle that covers enough of the objects in it.

    Objects that lose too much of their area are dropped. The picture stays as it is when no such
    rectangle is found.

    Args:
        min_object_covered (float): Part that the rectangle covers, at least, of each object in it.
        aspect_ratio_range (tuple of float): Least and greatest width / height.
        area_range (tuple of float): Least and greatest area, as parts of the picture's.
        min_eject_coverage (float): Part of its area that an object has to keep.
        max_attempts (int): How often a rectangle is drawn.
    """

    def __init__(
        self,
        min_object_covered=0.1,
        aspect_ratio_range=(0.75, 1.33),
        area_range=(0.05, 1.0),
        min_eject_coverage=0.3,
        max_attempts=50,
    ):
        super().__init__(aspect_ratio_range, area_range, max_attempts)
        self._kwargs = {
            "min_object_covered": min_object_covered,
            "aspect_ratio_range": self._kwargs["aspect_ratio_range"],
            "area_range": self._kwargs["area_range"],
            "min_eject_coverage": min_eject_coverage,
            "max_attempts": max_attempts,
        }
        self.min_object_covered = min_object_covered
        self.min_eject_coverage = min_eject_coverage

    def __call__(self, src, label):
        found = self._find(label, *src.shape[:2])
        if found is None:
            return src, label
        place, label = found
        return fixed_crop(src, *place), label

    def _find(self, label, height, width):
        """Place (x, y, width, height) of the rectangle and the label in it, or None."""
        if not self.enabled or height <= 0 or width <= 0:
            return None
        for ratio in self._attempts():
            size = self._draw_size(ratio, height, width)
            if size is None:
                continue
            w, h = size
            y, x = random.randint(0, height - h), random.randint(0, width - w)
            if not self._covers_enough(label, x / width, y / height, w / width, h / height):
                continue
            new = moved(label, x, y, w, h, width, height)
            new = clipped(new, label, w * h / (width * height), self.min_eject_coverage)
            if new is not None:
                return (x, y, w, h), new
        return None

    def _draw_size(self, ratio, height, width):
        """Width and height of a rectangle, or None if it is not of the area that is asked for."""
        h, max_h = self._heights(ratio, height, width)
        if round(max_h * ratio) > width:
            max_h = int((width + 0.4999999) / ratio)
        max_h = min(max_h, height)
        h = min(h, max_h)
        if h < max_h:
            h = random.randint(h, max_h)
        least, most = (each * height * width for each in self.area_range)
        w = int(round(h * ratio))
        # Rounding may have made it a row too small or too large.
        if w * h < least:
            h += 1
            w = int(round(h * ratio))
        if w * h > most:
            h -= 1
            w = int(round(h * ratio))
        fits = least <= w * h <= most and 0 < w <= width and 0 < h <= height
        return (w, h) if fits else None

    def _covers_enough(self, label, x, y, w, h):
        boxes = label[:, 1:5]
        before = areas(boxes)
        objects = before > 0
        inside = areas(covered(boxes[objects], x, y, x + w, y + h))
        parts = inside[inside > 0] / before[objects][inside > 0]
        return parts.size > 0 and parts.min() > self.min_object_covered


class DetRandomPadAug(_RandomBox):
    """Puts the picture at a random place of a larger one.

    Args:
        aspect_ratio_range (tuple of float): Least and greatest width / height of the larger one.
        area_range (tuple of float): Its least and greatest area, as multiples of the picture's.
        max_attempts (int): How often a size is drawn before the picture is left as it is.
        pad_val (tuple of float): The color around the picture.
    """

    _no_area = 1.0

    def __init__(
        self,
        aspect_ratio_range=(0.75, 1.33),
        area_range=(1.0, 3.0),
        max_attempts=50,
        pad_val=(128, 128, 128),
    ):
        super().__init__(aspect_ratio_range, area_range, max_attempts, pad_val=pad_val)
        self.pad_val = tuple(pad_val) if isinstance(pad_val, (list, tuple)) else (pad_val,)

    def __call__(self, src, label):
        height, width = src.shape[:2]
        found = self._find(height, width)
        if found is None:
            return src, label
        x, y, w, h = found
        margins = (y, h - y - height, x, w - x - width)
        return self._framed(src, margins), moved(label, -x, -y, w, h, width, height)

    def _framed(self, src, margins):
        # One number is the color of the first channel; the others are 0.
        color = (self.pad_val + (0.0,) * src.shape[2])[: src.shape[2]]
        return copyMakeBorder(src, *margins, type=0, values=color)

    def _find(self, height, width):
        """Place of the picture (x, y) and size (width, height) of the larger one, or None."""
        if not self.enabled or height <= 0 or width <= 0:
            return None
        for ratio in self._attempts():
            h, max_h = self._heights(ratio, height, width)
            if round(h * ratio) < width:
                h = int((width + 0.499999) / ratio)
            h = min(max(h, height), max_h)
            if h < max_h:
                h = random.randint(h, max_h)
            w = int(round(h * ratio))
            if h - height < 2 or w - width < 2:
                continue  # hardly larger
            y, x = random.randint(0, h - height), random.randint(0, w - width)
            return x, y, w, h
        return None
