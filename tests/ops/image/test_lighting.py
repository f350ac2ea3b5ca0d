import numpy as np
import pytest
from harness import Case, Fault, operator_tests
from harness.pictures import check_draws, picture_batch

import mxnet as mx

X = np.random.default_rng(0).uniform(0, 255, size=(5, 6, 3))
VALUES = np.array([55.46, 4.794, 1.148])
AXES = np.array(
    [[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]]
)


def adjust(data, alpha):
    moved = data + AXES @ (VALUES * alpha)
    return moved.clip(0, 255) if data.dtype == np.uint8 else moved


def case(data, **kw):
    return Case("_image_adjust_lighting", [data], adjust, {"alpha": (0.5, -2, 3)}, grad=(), **kw)


CASES = [
    case(X, dtypes=("float32", "float16"), rtol=1e-4),
    case(X.astype(np.uint8), dtypes=("uint8",)),
    case(np.stack([X, X]), rtol=1e-4, name="batch", oracle="1.9.1 has no batches"),
]
FAULTS = [
    Fault("_image_adjust_lighting", [X], "alpha has 2 numbers; expected 3", {"alpha": (1, 2)}),
    Fault("_image_adjust_lighting", [X], "alpha is missing"),
    Fault("_image_adjust_lighting", [X[..., :2]], "has 2 channels", {"alpha": (1, 2, 3)}),
]
TestAdjustLighting = operator_tests(CASES, FAULTS)


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize(
    "name, attrs",
    [("adjust_lighting", {"alpha": (0.1, 0.2, -0.3)}), ("random_lighting", {"alpha_std": 0.5})],
)
def test_draws_what_1_9_1_draws(name, attrs, dtype):
    check_draws(name, dtype, **attrs)


def test_each_picture_of_a_batch_is_drawn_by_itself():
    found, expected = picture_batch("random_lighting", mx.nd.array([X, X]), alpha_std=1)
    np.testing.assert_array_equal(found, expected)
    assert (found[0] != found[1]).any()


def test_gray_stays():
    gray = mx.nd.array(X[..., :1])
    np.testing.assert_array_equal(mx.nd.image.random_lighting(gray).asnumpy(), gray.asnumpy())
