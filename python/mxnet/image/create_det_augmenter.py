"""The usual lists of augmenters for training a detector."""

from .augmenter import CastAug, ForceResizeAug, ResizeAug
from .create_augmenter import color_augmenters
from .det_augmenter import (
    DetBorrowAug,
    DetHorizontalFlipAug,
    DetRandomCropAug,
    DetRandomPadAug,
    DetRandomSelectAug,
)

__all__ = ["CreateMultiRandCropAugmenter", "CreateDetAugmenter"]


def CreateMultiRandCropAugmenter(
    min_object_covered=0.1,
    aspect_ratio_range=(0.75, 1.33),
    area_range=(0.05, 1.0),
    min_eject_coverage=0.3,
    max_attempts=50,
    skip_prob=0,
):
    """Random crops with one of several sets of arguments.

    Args:
        min_object_covered, aspect_ratio_range, area_range, min_eject_coverage, max_attempts: Those
            of `DetRandomCropAug`, or lists of them: one for each set, or one for all.
        skip_prob (float): Probability that the picture is left as it is.

    Returns:
        DetRandomSelectAug: It chooses among the crops.

    Raises:
        AssertionError: The lists have different lengths.
    """
    given = (min_object_covered, aspect_ratio_range, area_range, min_eject_coverage, max_attempts)
    columns = [each if isinstance(each, list) else [each] for each in given]
    count = max(map(len, columns))
    for column in columns:
        if len(column) not in (1, count):
            raise AssertionError(
                f"CreateMultiRandCropAugmenter: {column} has {len(column)} values; 1 or {count} are"
                " expected"
            )
    rows = zip(*(column * count if len(column) == 1 else column for column in columns))
    return DetRandomSelectAug([DetRandomCropAug(*row) for row in rows], skip_prob=skip_prob)


def CreateDetAugmenter(
    data_shape,
    resize=0,
    rand_crop=0,
    rand_pad=0,
    rand_gray=0,
    rand_mirror=False,
    mean=None,
    std=None,
    brightness=0,
    contrast=0,
    saturation=0,
    pca_noise=0,
    hue=0,
    inter_method=2,
    min_object_covered=0.1,
    aspect_ratio_range=(0.75, 1.33),
    area_range=(0.05, 3.0),
    min_eject_coverage=0.3,
    max_attempts=50,
    pad_val=(127, 127, 127),
):
    """The usual list of augmenters for training a detector.

    Args:
        data_shape (tuple of int): Channels, height and width of the result.
        resize (int): Length of the shorter side before everything else; 0 for no resizing.
        rand_crop (float): Probability of a random crop.
        rand_pad (float): Probability that the picture is put into a larger one.
        rand_gray (float): Probability of a gray picture.
        rand_mirror (bool): Exchange left and right in half of the cases.
        mean, std, brightness, contrast, saturation, pca_noise, hue: As in `CreateAugmenter`.
        inter_method (int): Interpolation, as in `resize_short`.
        min_object_covered, aspect_ratio_range, min_eject_coverage, max_attempts: Those of
            `DetRandomCropAug`; lists as in `CreateMultiRandCropAugmenter`.
        area_range (tuple of float): Least and greatest area of crops and of larger pictures, as
            parts of the picture's.
        pad_val (tuple of float): The color around a picture in a larger one.

    Returns:
        list of DetAugmenter: To be applied in this order.
    """
    augmenters = [DetBorrowAug(ResizeAug(resize, inter_method))] if resize > 0 else []
    if rand_crop > 0:
        augmenters.append(
            CreateMultiRandCropAugmenter(
                min_object_covered,
                aspect_ratio_range,
                area_range,
                min_eject_coverage,
                max_attempts,
                skip_prob=1 - rand_crop,
            )
        )
    if rand_mirror:
        augmenters.append(DetHorizontalFlipAug(0.5))
    if rand_pad > 0:
        areas = (1.0, max(1.0, area_range[1]))
        pad = DetRandomPadAug(aspect_ratio_range, areas, max_attempts, pad_val)
        augmenters.append(DetRandomSelectAug([pad], 1 - rand_pad))
    # The last that moves pixels: whatever came before, the result has the size that is asked for.
    plain = [ForceResizeAug((data_shape[2], data_shape[1]), inter_method), CastAug()]
    plain += color_augmenters(
        mean, std, brightness, contrast, saturation, hue, pca_noise, rand_gray, "CreateDetAugmenter"
    )
    return augmenters + [DetBorrowAug(augmenter) for augmenter in plain]
