"""What is for pictures with boxes in one module, where programs written for MXNet look for it."""

from .. import _elsewhere
from .create_det_augmenter import CreateDetAugmenter, CreateMultiRandCropAugmenter
from .det_augmenter import (
    DetAugmenter,
    DetBorrowAug,
    DetHorizontalFlipAug,
    DetRandomCropAug,
    DetRandomPadAug,
    DetRandomSelectAug,
)
from .det_iter import ImageDetIter

__all__ = [
    "DetAugmenter",
    "DetBorrowAug",
    "DetRandomSelectAug",
    "DetHorizontalFlipAug",
    "DetRandomCropAug",
    "DetRandomPadAug",
    "CreateMultiRandCropAugmenter",
    "CreateDetAugmenter",
    "ImageDetIter",
]

__getattr__ = _elsewhere.getter(
    __name__,
    dict.fromkeys(
        "Augmenter CastAug ColorJitterAug ColorNormalizeAug ForceResizeAug HueJitterAug ImageIter "
        "LightingAug RandomGrayAug RandomOrderAug ResizeAug copyMakeBorder fixed_crop".split(),
        "image",
    ),
)
