import numpy as np
import pytest
from harness.pictures import check_draws, picture_batch

import mxnet as mx

FACTORS = {"min_factor": 0.3, "max_factor": 1.7}
JITTER = {"brightness": 0.4, "contrast": 0.3, "saturation": 0.5, "hue": 0.1}
OPERATORS = {
    "random_brightness": FACTORS,
    "random_contrast": FACTORS,
    "random_saturation": FACTORS,
    "random_hue": FACTORS,
    "random_color_jitter": JITTER,
}
X = mx.nd.array(np.random.RandomState(0).uniform(0, 255, (3, 5, 7, 3)))


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize("name", OPERATORS)
def test_draws_what_1_9_1_draws(name, dtype):
    check_draws(name, dtype, **OPERATORS[name])


@pytest.mark.parametrize("name", OPERATORS)
def test_each_picture_of_a_batch_is_drawn_by_itself(name):
    np.testing.assert_array_equal(*picture_batch(name, X, **OPERATORS[name]))


@pytest.mark.parametrize("dtype", ["float16", "float64", "int8", "int32", "int64"])
@pytest.mark.parametrize("name", OPERATORS)
def test_dtypes(name, dtype):
    data = (X[0] / 4).astype(dtype)
    mx.random.seed(3)
    found = getattr(mx.nd.image, name)(data, **OPERATORS[name])
    mx.random.seed(3)
    expected = getattr(mx.nd.image, name)(data.astype("float32"), **OPERATORS[name]).asnumpy()
    assert found.dtype == np.dtype(dtype)
    # Whole numbers are cut off after each of the four changes.
    np.testing.assert_allclose(found.asnumpy(), expected, atol=4 if "int" in dtype else 0.1)


@pytest.mark.parametrize("name", OPERATORS)
def test_symbol_draws_the_same(name):
    symbol = getattr(mx.sym.image, name)(mx.sym.var("data"), **OPERATORS[name])
    mx.random.seed(3)
    found = symbol.bind(mx.cpu(), {"data": X[0]}).forward()[0].asnumpy()
    mx.random.seed(3)
    expected = getattr(mx.nd.image, name)(X[0], **OPERATORS[name]).asnumpy()
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", ["random_saturation", "random_hue"])
def test_gray_has_no_color_to_change(name):
    gray = X[0, :, :, :1]
    found = getattr(mx.nd.image, name)(gray, **FACTORS)
    np.testing.assert_array_equal(found.asnumpy(), gray.asnumpy())


def test_nothing_to_change():
    found = mx.nd.image.random_color_jitter(X, brightness=0, contrast=0, saturation=0, hue=0)
    np.testing.assert_array_equal(found.asnumpy(), X.asnumpy())
    gray = mx.nd.full((2, 2, 3), 77)
    found = mx.nd.image.random_hue(gray, **FACTORS).asnumpy()
    np.testing.assert_allclose(found, 77, rtol=1e-6)


@pytest.mark.parametrize(
    "name, attrs, match",
    [
        ("random_brightness", {"min_factor": -1, "max_factor": 1}, "min_factor=-1"),
        ("random_hue", {"min_factor": 0}, "max_factor is missing"),
        ("random_color_jitter", {**JITTER, "hue": -0.1}, "hue=-0.1"),
    ],
)
def test_fault(name, attrs, match):
    with pytest.raises(ValueError, match=match):
        getattr(mx.nd.image, name)(X, **attrs)


def test_fault_of_shapes():
    with pytest.raises(ValueError, match="has 2 channels; expected 1 or 3"):
        mx.nd.image.random_contrast(X[..., :2], 0, 1)
    with pytest.raises(ValueError, match="has 2 axes"):
        mx.nd.image.random_contrast(X[0, 0], 0, 1)
