"""Rotate and RandomRotation asked the type of arrays of mx.np for its name as of a class."""

import numpy as onp
import pytest

import mxnet as mx
from mxnet import np
from mxnet.gluon.data.vision import transforms


@mx.use_np
@pytest.mark.parametrize("turn", [transforms.Rotate(90), transforms.RandomRotation((89.99, 90.0))])
def test_pictures_of_both_kinds_turn_alike(turn):
    picture = onp.arange(27, dtype="float32").reshape(3, 3, 3)
    turned = turn(np.array(picture))
    assert type(turned) is np.ndarray
    onp.testing.assert_allclose(turned.asnumpy(), onp.rot90(picture, axes=(1, 2)), atol=2e-2)


@mx.use_np
def test_other_types_are_refused_by_name():
    with pytest.raises(TypeError, match="of type uint8; expected float32"):
        transforms.Rotate(90)(np.zeros((3, 2, 2), dtype="uint8"))
