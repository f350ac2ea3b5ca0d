"""Augmenters: callable objects that change one picture, and the usual list of them."""

import json
import math
import random

import numpy as np

from .. import ndarray as nd
from .functions import (
    center_crop,
    choose_interpolation,
    color_normalize,
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
    "BrightnessJitterAug",
    "ContrastJitterAug",
    "SaturationJitterAug",
    "HueJitterAug",
    "ColorJitterAug",
    "LightingAug",
    "ColorNormalizeAug",
    "RandomGrayAug",
    "HorizontalFlipAug",
    "CastAug",
    "CreateAugmenter",
]

# Rec. 601 luma weights of red, green and blue.
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
# Mean and deviation of the ImageNet training pictures, and the principal axes of their colours.
IMAGENET_MEAN = (123.68, 116.28, 103.53)
IMAGENET_STD = (58.395, 57.12, 57.375)
IMAGENET_EIGVAL = (55.46, 4.794, 1.148)
IMAGENET_EIGVEC = (
    (-0.5675, 0.7192, 0.4009),
    (-0.5808, -0.0045, -0.8140),
    (-0.5836, -0.6948, 0.4203),
)


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
        raise NotImplementedError(f"{type(self).__name__}: __call__ must be overridden")


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
            raise TypeError(f"RandomSizedCropAug: unknown arguments {sorted(kwargs)}")
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


class BrightnessJitterAug(Augmenter):
    """Scales a picture by a random factor in 1 - `brightness` to 1 + `brightness`."""

    def __init__(self, brightness):
        super().__init__(brightness=brightness)
        self.brightness = brightness

    def __call__(self, src):
        src *= 1.0 + random.uniform(-self.brightness, self.brightness)
        return src


class ContrastJitterAug(Augmenter):
    """Blends a picture with its mean luma, by a factor in 1 - `contrast` to 1 + `contrast`."""

    def __init__(self, contrast):
        super().__init__(contrast=contrast)
        self.contrast = contrast

    def __call__(self, src):
        alpha = 1.0 + random.uniform(-self.contrast, self.contrast)
        luma = (src.asnumpy() * _LUMA).sum(axis=2)
        src *= alpha
        src += float(luma.mean(dtype=np.float64)) * (1.0 - alpha)
        return src


class SaturationJitterAug(Augmenter):
    """Blends a picture with its luma, by a factor in 1 - `saturation` to 1 + `saturation`."""

    def __init__(self, saturation):
        super().__init__(saturation=saturation)
        self.saturation = saturation

    def __call__(self, src):
        alpha = 1.0 + random.uniform(-self.saturation, self.saturation)
        array = src.asnumpy()
        luma = (array * _LUMA).sum(axis=2, keepdims=True)
        return to_ndarray((array * alpha + luma * (1.0 - alpha)).astype(array.dtype))


class HueJitterAug(Augmenter):
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


class LightingAug(Augmenter):
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
        alpha = np.random.normal(0, self.alphastd, size=(3,))
        src += nd.array(np.dot(self.eigvec * alpha, self.eigval))
        return src


class ColorNormalizeAug(Augmenter):
    """Subtracts `mean` and divides by `std`; see `color_normalize`."""

    def __init__(self, mean, std):
        mean, std = (
            value if value is None or isinstance(value, nd.NDArray) else nd.array(value)
            for value in (mean, std)
        )
        super().__init__(mean=mean, std=std)
        self.mean = mean
        self.std = std

    def __call__(self, src):
        return color_normalize(src, self.mean, self.std)


class RandomGrayAug(Augmenter):
    """Makes a picture gray with probability `p`."""

    _WEIGHTS = np.array([[0.21], [0.72], [0.07]], np.float32).repeat(3, axis=1)

    def __init__(self, p):
        super().__init__(p=p)
        self.p = p

    def __call__(self, src):
        if random.random() >= self.p:
            return src
        return to_ndarray(src.asnumpy().astype(np.float32) @ self._WEIGHTS)


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


def _crop_augmenter(size, rand_crop, rand_resize, interp):
    if rand_resize:
        if not rand_crop:
            raise AssertionError("CreateAugmenter: rand_resize needs rand_crop=True")
        return RandomSizedCropAug(size, 0.08, (3.0 / 4.0, 4.0 / 3.0), interp)
    return (RandomCropAug if rand_crop else CenterCropAug)(size, interp)


def channel_statistics(value, default, name):
    """`value` as array of one or three channels; True stands for that of ImageNet."""
    if value is None or value is False:
        return None
    array = np.asarray(default) if value is True else np.asarray(value)
    if array.shape not in ((1,), (3,)):
        raise AssertionError(
            f"CreateAugmenter: {name} has shape {array.shape}; (1,) or (3,) is expected"
        )
    return array


def CreateAugmenter(
    data_shape,
    resize=0,
    rand_crop=False,
    rand_resize=False,
    rand_mirror=False,
    mean=None,
    std=None,
    brightness=0,
    contrast=0,
    saturation=0,
    hue=0,
    pca_noise=0,
    rand_gray=0,
    inter_method=2,
):
    """The usual list of augmenters for training a classifier.

    Args:
        data_shape (tuple of int): Channels, height and width of the result.
        resize (int): Length of the shorter side before cropping; 0 for no resizing.
        rand_crop (bool): Crop at random rather than in the middle.
        rand_resize (bool): Crop random areas and aspect ratios; needs `rand_crop`.
        rand_mirror (bool): Exchange left and right in half of the cases.
        mean (numpy.ndarray or bool): To subtract, per channel; True for ImageNet's.
        std (numpy.ndarray or bool): To divide by, per channel; True for ImageNet's.
        brightness, contrast, saturation (float): Greatest relative change.
        hue (float): Greatest turn of the colours, in half circles.
        pca_noise (float): Deviation of noise along the principal axes of ImageNet's colours.
        rand_gray (float): Probability of a gray picture.
        inter_method (int): Interpolation, as in `resize_short`.

    Returns:
        list of Augmenter: To be applied in this order.

    Example:
        >>> [type(a).__name__ for a in mx.image.CreateAugmenter((3, 224, 224), resize=256)]
        ['ResizeAug', 'CenterCropAug', 'CastAug']
    """
    augmenters = [ResizeAug(resize, inter_method)] if resize > 0 else []
    size = (data_shape[2], data_shape[1])
    augmenters.append(_crop_augmenter(size, rand_crop, rand_resize, inter_method))
    if rand_mirror:
        augmenters.append(HorizontalFlipAug(0.5))
    augmenters.append(CastAug())
    if brightness or contrast or saturation:
        augmenters.append(ColorJitterAug(brightness, contrast, saturation))
    if hue:
        augmenters.append(HueJitterAug(hue))
    if pca_noise > 0:
        eigval, eigvec = np.array(IMAGENET_EIGVAL), np.array(IMAGENET_EIGVEC)
        augmenters.append(LightingAug(pca_noise, eigval, eigvec))
    if rand_gray > 0:
        augmenters.append(RandomGrayAug(rand_gray))
    mean = channel_statistics(mean, IMAGENET_MEAN, "mean")
    std = channel_statistics(std, IMAGENET_STD, "std")
    if mean is not None or std is not None:
        augmenters.append(ColorNormalizeAug(mean, std))
    return augmenters
