import numpy as np
import pytest
from harness.pictures import check_draws, picture_batch

import mxnet as mx

FLIPS = {"random_flip_left_right": 1, "random_flip_top_bottom": 0}
X = mx.nd.array(np.arange(40 * 45).reshape(40, 3, 5, 3))


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize("name", FLIPS)
def test_draws_what_1_9_1_draws(name, dtype):
    check_draws(name, dtype)


@pytest.mark.parametrize("name", FLIPS)
def test_each_picture_of_a_batch_is_drawn_by_itself(name):
    found, expected = picture_batch(name, X)
    np.testing.assert_array_equal(found, expected)
    pictures = X.asnumpy()
    turned = [(a == np.flip(b, FLIPS[name])).all() for a, b in zip(found, pictures)]
    stayed = [(a == b).all() for a, b in zip(found, pictures)]
    assert 5 < sum(turned) < 35 and np.logical_xor(turned, stayed).all()


@pytest.mark.parametrize("name", FLIPS)
def test_fault(name):
    with pytest.raises(ValueError, match="has 4 channels; expected 1 or 3"):
        getattr(mx.nd.image, name)(mx.nd.zeros((2, 2, 4)))
