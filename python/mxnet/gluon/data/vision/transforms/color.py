"""Transforms that change colors."""

import random

import numpy as np

from ..... import ndarray as nd
from ....._numpy_mode import of_mode
from ....block import HybridBlock
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


class _ColorBlock(HybridBlock):
    """Base of transforms with a random factor around 1.

    Args:
        strength (float): The factor lies between 1 - strength and 1 + strength.
    """

    _operator = None  # of the subclass

    def __init__(self, strength):
        super().__init__()
        self._limits = max(0, 1 - strength), 1 + strength

    def hybrid_forward(self, F, x):
        return getattr(F.image, self._operator)(x, *self._limits)


class RandomBrightness(_ColorBlock):
    """Makes pictures lighter or darker.

    Args:
        brightness (float): How much: the factor lies between 1 - brightness and 1 + brightness.
    """

    _operator = "random_brightness"

    def __init__(self, brightness):
        super().__init__(brightness)


class RandomContrast(_ColorBlock):
    """Moves colors towards the mean brightness of the picture, or away from it.

    Args:
        contrast (float): How much; see `RandomBrightness`.
    """

    _operator = "random_contrast"

    def __init__(self, contrast):
        super().__init__(contrast)


class RandomSaturation(_ColorBlock):
    """Moves colors towards gray, or away from it.

    Args:
        saturation (float): How much; see `RandomBrightness`.
    """

    _operator = "random_saturation"

    def __init__(self, saturation):
        super().__init__(saturation)


class RandomHue(_ColorBlock):
    """Turns the circle of colors.

    Args:
        hue (float): How much; 1 is the whole circle, see `RandomBrightness`.
    """

    _operator = "random_hue"

    def __init__(self, hue):
        super().__init__(hue)


class RandomColorJitter(HybridBlock):
    """Changes brightness, contrast, saturation and hue in random order.

    Args:
        brightness (float): See `RandomBrightness`.
        contrast (float): See `RandomContrast`.
        saturation (float): See `RandomSaturation`.
        hue (float): See `RandomHue`.
    """

    def __init__(self, brightness=0, contrast=0, saturation=0, hue=0):
        super().__init__()
        self._strengths = brightness, contrast, saturation, hue

    def hybrid_forward(self, F, x):
        return F.image.random_color_jitter(x, *self._strengths)


class RandomLighting(HybridBlock):
    """Adds noise along the directions in which colors of pictures vary (AlexNet's).

    Args:
        alpha (float): Standard deviation of the noise.
    """

    def __init__(self, alpha):
        super().__init__()
        self._alpha = alpha

    def hybrid_forward(self, F, x):
        return F.image.random_lighting(x, self._alpha)


class RandomGray(PictureBlock):
    """Takes the color out of a picture, or leaves it.

    Args:
        p (float): Probability that it is taken out.
    """

    def __init__(self, p=0.5):
        super().__init__()
        self._p = p

    def apply_to(self, picture):
        if picture.shape[-1] != 3 or random.random() >= self._p:
            return picture
        gray = (picture.asnumpy() * _BRIGHTNESS).sum(axis=-1, keepdims=True)
        gray = nd.array(np.repeat(gray, 3, axis=-1), ctx=picture.context, dtype=picture.dtype)
        return of_mode(gray)
