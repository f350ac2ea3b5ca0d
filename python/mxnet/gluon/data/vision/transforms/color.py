"""Transforms that change colours."""

import random

import numpy as np

from ..... import ndarray as nd
from .....random import normal, uniform
from .basic import PictureBlock

__all__ = [
    "RandomBrightness",
    "RandomContrast",
    "RandomSaturation",
    "RandomHue",
    "RandomColorJitter",
    "RandomLighting",
    "RandomGray",
]

# How bright the eye sees red, green and blue.
_BRIGHTNESS = np.array([0.299, 0.587, 0.114], dtype=np.float32)
# Directions in which colours of pictures vary, times how much (ImageNet).
_VARIATION = np.array(
    [[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]],
    dtype=np.float32,
) * np.array([55.46, 4.794, 1.148], dtype=np.float32)


def _as_picture(values, like):
    """Numbers as a picture of the type of `like`; whole numbers are cut off, 0 to 255."""
    if like.dtype == np.uint8:
        values = np.clip(values, 0, 255)
    return nd.array(values.astype(like.dtype), ctx=like.context, dtype=like.dtype)


def _gray(values):
    """Brightness of each pixel, with the axis of the channels kept."""
    if values.shape[-1] == 1:
        return values
    return (values * _BRIGHTNESS).sum(axis=-1, keepdims=True)


class _ColorBlock(PictureBlock):
    """Base of transforms with a random factor around 1.

    Args:
        strength (float): The factor lies between 1 - strength and 1 + strength.
    """

    def __init__(self, strength):
        super().__init__()
        self._limits = max(0, 1 - strength), 1 + strength

    def apply_to(self, picture):
        factor = float(uniform(*self._limits).asscalar())
        values = picture.asnumpy().astype(np.float32)
        return _as_picture(self._change(values, np.float32(factor)), picture)


class RandomBrightness(_ColorBlock):
    """Makes pictures lighter or darker.

    Args:
        brightness (float): How much: the factor lies between 1 - brightness and 1 + brightness.
    """

    def __init__(self, brightness):
        super().__init__(brightness)

    @staticmethod
    def _change(values, factor):
        return values * factor


class RandomContrast(_ColorBlock):
    """Moves colours towards the mean brightness of the picture, or away from it.

    Args:
        contrast (float): How much; see `RandomBrightness`.
    """

    def __init__(self, contrast):
        super().__init__(contrast)

    @staticmethod
    def _change(values, factor):
        return values * factor + (1 - factor) * _gray(values).mean()


class RandomSaturation(_ColorBlock):
    """Moves colours towards the brightness of each pixel, or away from it.

    Args:
        saturation (float): How much; see `RandomBrightness`.
    """

    def __init__(self, saturation):
        super().__init__(saturation)

    @staticmethod
    def _change(values, factor):
        return values * factor + (1 - factor) * _gray(values)


class RandomHue(_ColorBlock):
    """Turns the colour circle.

    Args:
        hue (float): How much; 1 is the whole circle, see `RandomBrightness`.
    """

    def __init__(self, hue):
        super().__init__(hue)

    @staticmethod
    def _change(values, factor):
        if values.shape[-1] == 1:
            return values
        return turn_hue(values, factor)


def turn_hue(values, turns):
    """Colours with their hue turned.

    Args:
        values (numpy.ndarray): Red, green and blue along the last axis.
        turns (float): Part of the circle, 1 for all of it.

    Returns:
        numpy.ndarray: Of the same lightness and saturation.
    """
    greatest, least = values.max(axis=-1), values.min(axis=-1)
    spread = greatest - least
    red, green, blue = np.moveaxis(values, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        hue = np.where(
            greatest == red,
            (green - blue) / spread,
            np.where(greatest == green, 2 + (blue - red) / spread, 4 + (red - green) / spread),
        )
    hue = np.where(spread == 0, 0, hue) + 6 * turns
    # Each channel rises and falls over the circle like a trapezium, shifted by a third.
    channels = [
        least + spread * np.clip(np.abs((hue + shift) % 6 - 3) - 1, 0, 1) for shift in (0, 4, 2)
    ]
    return np.stack(channels, axis=-1).astype(np.float32)


class RandomColorJitter(PictureBlock):
    """Changes brightness, contrast, saturation and hue in random order.

    Args:
        brightness (float): See `RandomBrightness`.
        contrast (float): See `RandomContrast`.
        saturation (float): See `RandomSaturation`.
        hue (float): See `RandomHue`.
    """

    def __init__(self, brightness=0, contrast=0, saturation=0, hue=0):
        super().__init__()
        kinds = (RandomBrightness, RandomContrast, RandomSaturation, RandomHue)
        strengths = (brightness, contrast, saturation, hue)
        self._steps = [kind(strength) for kind, strength in zip(kinds, strengths) if strength]

    def apply_to(self, picture):
        for step in random.sample(self._steps, len(self._steps)):
            picture = step(picture)
        return picture


class RandomLighting(PictureBlock):
    """Adds noise along the directions in which colours of pictures vary (AlexNet's).

    Args:
        alpha (float): Standard deviation of the noise.
    """

    def __init__(self, alpha):
        super().__init__()
        self._alpha = alpha

    def apply_to(self, picture):
        amounts = normal(0, self._alpha, shape=(3,)).asnumpy()
        values = picture.asnumpy().astype(np.float32) + _VARIATION @ amounts
        return _as_picture(values, picture)


class RandomGray(PictureBlock):
    """Takes the colour out of a picture, or leaves it.

    Args:
        p (float): Probability that it is taken out.
    """

    def __init__(self, p=0.5):
        super().__init__()
        self._p = p

    def apply_to(self, picture):
        if random.random() >= self._p:
            return picture
        values = picture.asnumpy().astype(np.float32)
        return _as_picture(np.repeat(_gray(values), values.shape[-1], axis=-1), picture)
