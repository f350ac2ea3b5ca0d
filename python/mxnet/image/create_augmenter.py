"""The usual list of augmenters for training a classifier."""

import numpy as np

from .augmenter import (
    CastAug,
    CenterCropAug,
    HorizontalFlipAug,
    RandomCropAug,
    RandomSizedCropAug,
    ResizeAug,
)
from .color_augmenter import (
    ColorJitterAug,
    ColorNormalizeAug,
    HueJitterAug,
    LightingAug,
    RandomGrayAug,
)

__all__ = ["CreateAugmenter"]

# Mean and deviation of the ImageNet training pictures, and the principal axes of their colours.
IMAGENET_MEAN = (123.68, 116.28, 103.53)
IMAGENET_STD = (58.395, 57.12, 57.375)
_IMAGENET_EIGVAL = (55.46, 4.794, 1.148)
_IMAGENET_EIGVEC = (
    (-0.5675, 0.7192, 0.4009),
    (-0.5808, -0.0045, -0.8140),
    (-0.5836, -0.6948, 0.4203),
)


def _crop_augmenter(size, rand_crop, rand_resize, interp):
    if rand_resize:
        if not rand_crop:
            raise AssertionError("CreateAugmenter: rand_resize needs rand_crop=True")
        return RandomSizedCropAug(size, 0.08, (3.0 / 4.0, 4.0 / 3.0), interp)
    return (RandomCropAug if rand_crop else CenterCropAug)(size, interp)


def _channel_statistics(value, default, name):
    """`value` as array of one or three channels; True stands for that of ImageNet."""
    if value is None or value is False:
        return None
    array = np.asarray(default, np.float32) if value is True else np.asarray(value)
    if array.shape not in ((1,), (3,)):
        raise AssertionError(f"{name} has shape {array.shape}; (1,) or (3,) is expected")
    return array


def color_augmenters(mean, std, brightness, contrast, saturation, hue, pca_noise, rand_gray, name):
    """The augmenters of colors, as `CreateAugmenter` orders them, for the function `name`."""
    augmenters = []
    if brightness or contrast or saturation:
        augmenters.append(ColorJitterAug(brightness, contrast, saturation))
    if hue:
        augmenters.append(HueJitterAug(hue))
    if pca_noise > 0:
        eigval, eigvec = np.array(_IMAGENET_EIGVAL), np.array(_IMAGENET_EIGVEC)
        augmenters.append(LightingAug(pca_noise, eigval, eigvec))
    if rand_gray > 0:
        augmenters.append(RandomGrayAug(rand_gray))
    mean = _channel_statistics(mean, IMAGENET_MEAN, f"{name}: mean")
    std = _channel_statistics(std, IMAGENET_STD, f"{name}: std")
    if mean is not None or std is not None:
        augmenters.append(ColorNormalizeAug(mean, std))
    return augmenters


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
    return augmenters + color_augmenters(
        mean, std, brightness, contrast, saturation, hue, pca_noise, rand_gray, "CreateAugmenter"
    )
