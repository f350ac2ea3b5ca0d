import numpy as np
import pytest
from harness import Case, Fault, operator_tests

import mxnet as mx

X = np.random.default_rng(0).uniform(0, 255, size=(5, 8, 3)).astype(np.float32)
BYTES = X.astype(np.uint8)
OP = "_image_resize"


def resize(data, size, keep_ratio=False, interp=1):
    """By linear weights between the middles of pixels."""
    width, height = size

    def weights(old, new):
        place = (np.arange(new) + 0.5) * old / new - 0.5
        out = np.zeros((new, old))
        for row, x in zip(out, place):
            low = int(np.floor(x))
            for at, weight in ((low, low + 1 - x), (low + 1, x - low)):
                row[min(max(at, 0), old - 1)] += weight
        return out

    rows, columns = weights(data.shape[-3], height), weights(data.shape[-2], width)
    return np.einsum("yi,...ijc,xj->...yxc", rows, data, columns)


CASES = [
    Case(OP, [X], resize, attrs={"size": (11, 3)}, grad=(), rtol=1e-4),
    Case(OP, [X[..., :2]], resize, attrs={"size": (3, 9)}, grad=(), rtol=1e-4, name="channels"),
    Case(OP, [np.stack([X, 255 - X])], resize, attrs={"size": (6, 7)}, grad=(), rtol=1e-4),
]
FAULTS = [
    Fault(OP, [X], r"size=\(\) is no size"),
    Fault(OP, [X], "size=.* is no size", {"size": (1, 2, 3)}),
    Fault(OP, [X], "size=.* is out of range", {"size": (0,)}),
    Fault(OP, [X], "interp=9", {"size": (3, 3), "interp": 9}),
    Fault(OP, [X[0]], "has 2 axes", {"size": (3,)}),
    Fault(OP, [X[:0]], "has no pixels", {"size": (3,)}),
    Fault(OP, [X.astype(np.int32)], "int32; expected uint8 or float32", {"size": (3,)}, TypeError),
]
TestResize = operator_tests(CASES, FAULTS)


@pytest.mark.parametrize("interp", range(5))
@pytest.mark.parametrize("picture", [X, BYTES], ids=["float32", "uint8"])
def test_as_imresize(picture, interp):
    picture = mx.nd.array(picture, dtype=picture.dtype)
    expected = mx.image.imresize(picture, 7, 9, interp).asnumpy()
    batch = mx.nd.image.resize(mx.nd.stack(picture, picture[::-1]), (7, 9), interp=interp)
    np.testing.assert_array_equal(batch[0].asnumpy(), expected)
    turned = mx.image.imresize(picture[::-1], 7, 9, interp).asnumpy()
    np.testing.assert_array_equal(batch[1].asnumpy(), turned)


@pytest.mark.parametrize(
    "shape, attrs, expected",
    [
        ((5, 8, 3), {"size": (4,)}, (4, 4, 3)),
        ((5, 8, 3), {"size": 4, "keep_ratio": True}, (4, 6, 3)),
        ((8, 5, 3), {"size": 4, "keep_ratio": True}, (6, 4, 3)),
        ((8, 5, 3), {"size": (4, 6), "keep_ratio": True}, (6, 4, 3)),
        ((2, 8, 5, 1), {"size": 10, "keep_ratio": True}, (2, 16, 10, 1)),
    ],
)
def test_sizes(shape, attrs, expected):
    symbol = mx.sym.image.resize(mx.sym.var("data"), **attrs)
    assert symbol.infer_shape(data=shape)[1] == [expected]
    assert mx.nd.image.resize(mx.nd.zeros(shape), **attrs).shape == expected
