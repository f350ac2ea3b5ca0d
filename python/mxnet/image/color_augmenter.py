"""Augmenters that change the colours of a picture."""

import math
import random

import numpy as np

from .. import error as errors
from .. import ndarray as nd
from .augmenter import Augmenter, RandomOrderAug
from .functions import color_normalize, to_ndarray

__all__ = [
    "BrightnessJitterAug",
    "ContrastJitterAug",
    "SaturationJitterAug",
    "HueJitterAug",
    "ColorJitterAug",
    "LightingAug",
    "ColorNormalizeAug",
    "RandomGrayAug",
]

# Rec. 601 luma weights of red, green and blue.
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


class _ColorAug(Augmenter):
    """Base of augmenters that compute with fractions: whole numbers would become black or worse."""

    def _check(self, src):
        if not np.issubdtype(src.dtype, np.floating):
            raise errors.TypeError(
                f"{type(self).__name__}: src has dtype {np.dtype(src.dtype)}; float32 is expected, "
                "as CastAug gives it"
            )


class BrightnessJitterAug(_ColorAug):
    """Scales a picture by a random factor in 1 - `brightness` to 1 + `brightness`."""

    def __init__(self, brightness):
        super().__init__(brightness=brightness)
        self.brightness = brightness

    def __call__(self, src):
        self._check(src)
        src *= 1.0 + random.uniform(-self.brightness, self.brightness)
        return src


class ContrastJitterAug(_ColorAug):
    """Blends a picture with its mean luma, by a factor in 1 - `contrast` to 1 + `contrast`."""

    def __init__(self, contrast):
        super().__init__(contrast=contrast)
        self.contrast = contrast

    def __call__(self, src):
        self._check(src)
        alpha = 1.0 + random.uniform(-self.contrast, self.contrast)
        luma = (src.asnumpy() * _LUMA).sum(axis=2)
        src *= alpha
        src += float(luma.mean(dtype=np.float64)) * (1.0 - alpha)
        return src


class SaturationJitterAug(_ColorAug):
    """Blends a picture with its luma, by a factor in 1 - `saturation` to 1 + `saturation`."""

    def __init__(self, saturation):
        super().__init__(saturation=saturation)
        self.saturation = saturation

    def __call__(self, src):
        self._check(src)
        alpha = 1.0 + random.uniform(-self.saturation, self.saturation)
        array = src.asnumpy()
        luma = (array * _LUMA).sum(axis=2, keepdims=True)
        return to_ndarray((array * alpha + luma * (1.0 - alpha)).astype(array.dtype))


class HueJitterAug(_ColorAug):
    """Turns the colours by a random part of half a circle, `hue` at most, in YIQ space."""

    def __init__(self, hue):
        super().__init__(hue=hue)
        self.hue = hue
        self._to_yiq = np.array(
            [[0.299, 0.587, 0.114], [0.596, -0.274, -0.321], [0.211, -0.523, 0.311]]
        )
        self._from_yiq = np.array(
            [[1.0, 0.956, 0.621], [1.0, -0.272, -0.647], [1.0, -1.107, 1.705]]
        )

    def __call__(self, src):
        self._check(src)
        angle = random.uniform(-self.hue, self.hue) * math.pi
        cosine, sine = math.cos(angle), math.sin(angle)
        turn = np.array([[1.0, 0.0, 0.0], [0.0, cosine, -sine], [0.0, sine, cosine]])
        matrix = (self._from_yiq @ turn @ self._to_yiq).T.astype(np.float32)
        return to_ndarray(src.asnumpy() @ matrix)


class ColorJitterAug(RandomOrderAug):
    """Changes brightness, contrast and saturation, those that are over 0, in random order."""

    def __init__(self, brightness, contrast, saturation):
        parts = (
            (BrightnessJitterAug, brightness),
            (ContrastJitterAug, contrast),
            (SaturationJitterAug, saturation),
        )
        super().__init__([kind(amount) for kind, amount in parts if amount > 0])


class LightingAug(_ColorAug):
    """Adds noise along the principal axes of colour.

    Args:
        alphastd (float): Deviation of the noise, in units of the eigenvalues.
        eigval (numpy.ndarray): Eigenvalues, shape (3,).
        eigvec (numpy.ndarray): Eigenvectors in columns, shape (3, 3).
    """

    def __init__(self, alphastd, eigval, eigvec):
        super().__init__(alphastd=alphastd, eigval=eigval, eigvec=eigvec)
        self.alphastd = alphastd
        self.eigval = eigval
        self.eigvec = eigvec

    def __call__(self, src):
        self._check(src)
        alpha = np.random.normal(0, self.alphastd, size=(3,))
        src += nd.array(np.dot(self.eigvec * alpha, self.eigval))
        return src


class ColorNormalizeAug(Augmenter):
    """Subtracts `mean` and divides by `std`; see `color_normalize`."""

    def __init__(self, mean, std):
        super().__init__(mean=mean, std=std)
        self.mean, self.std = (
            value if value is None or isinstance(value, nd.NDArray) else nd.array(value)
            for value in (mean, std)
        )

    def __call__(self, src):
        return color_normalize(src, self.mean, self.std)


class RandomGrayAug(_ColorAug):
    """Makes a picture gray with probability `p`."""

    _WEIGHTS = np.array([[0.21], [0.72], [0.07]], np.float32).repeat(3, axis=1)

    def __init__(self, p):
        super().__init__(p=p)
        self.p = p

    def __call__(self, src):
        self._check(src)
        if random.random() >= self.p:
            return src
        return to_ndarray(src.asnumpy().astype(np.float32) @ self._WEIGHTS)
