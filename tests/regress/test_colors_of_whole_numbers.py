"""Augmenters of colors made black or random pictures of those of uint8, without a word."""

import numpy as np
import pytest

import mxnet as mx

AXES = (np.ones(3), np.eye(3))
AUGMENTERS = [
    mx.image.BrightnessJitterAug(0.3),
    mx.image.ContrastJitterAug(0.3),
    mx.image.SaturationJitterAug(0.3),
    mx.image.HueJitterAug(0.3),
    mx.image.ColorJitterAug(0.1, 0.1, 0.1),
    mx.image.LightingAug(0.3, *AXES),
    mx.image.RandomGrayAug(1),
    mx.image.ColorNormalizeAug(np.array([1.0, 2, 3]), np.array([3.0, 2, 1])),
]


@pytest.mark.parametrize("dtype", ["uint8", "int32"])
@pytest.mark.parametrize("augmenter", AUGMENTERS, ids=lambda each: type(each).__name__)
def test_they_are_refused(augmenter, dtype):
    picture = mx.nd.full((4, 5, 3), 99, dtype=dtype)
    with pytest.raises(TypeError, match=f"dtype .*(float32 is expected|expected {dtype})"):
        augmenter(picture)
    assert (picture.asnumpy() == 99).all()
    assert augmenter(picture.astype("float32")).dtype == np.float32
