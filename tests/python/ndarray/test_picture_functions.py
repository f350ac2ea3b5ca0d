"""What MXNet 1.9.1 has as operators on picture files: mx.nd._internal._cv*, mx.nd.imdecode."""

import pathlib

import numpy as np
import pytest

import mxnet as mx

PATH = pathlib.Path(__file__).parents[2] / "data" / "image" / "jpeg_420.jpg"
CONTENT = PATH.read_bytes()
PICTURE = mx.image.imread(str(PATH))
PLANES = PICTURE.asnumpy().transpose(2, 0, 1)
INTERNAL = mx.nd._internal


@pytest.mark.parametrize(
    "found, expected",
    [
        (
            lambda: INTERNAL._cvimdecode(
                mx.nd.array(np.frombuffer(CONTENT, np.uint8), dtype="uint8")
            ),
            lambda: PICTURE,
        ),
        (lambda: INTERNAL._cvimread(str(PATH), to_rgb=0), lambda: PICTURE[:, :, ::-1]),
        (
            lambda: INTERNAL._cvimresize(PICTURE, w=5, h=6, interp=2),
            lambda: mx.image.imresize(PICTURE, 5, 6, 2),
        ),
        (
            lambda: INTERNAL._cvcopyMakeBorder(PICTURE, 1, 2, 3, 4, values=(1, 2, 3)),
            lambda: mx.image.copyMakeBorder(PICTURE, 1, 2, 3, 4, values=(1, 2, 3)),
        ),
    ],
)
def test_work_as_those_of_image(found, expected):
    np.testing.assert_array_equal(found().asnumpy(), expected().asnumpy())


def test_out_is_written():
    out = mx.nd.zeros((6, 5, 3), dtype="uint8")
    assert INTERNAL._cvimresize(PICTURE, 5, 6, out=out) is out
    np.testing.assert_array_equal(out.asnumpy(), mx.image.imresize(PICTURE, 5, 6).asnumpy())


def test_imdecode():
    found = mx.nd.imdecode(CONTENT)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found.asnumpy(), PLANES)
    part = mx.nd.imdecode(CONTENT, (2, 1, 6, 8), mean=mx.nd.ones((3, 1, 1)))
    np.testing.assert_array_equal(part.asnumpy(), PLANES[:, 1:8, 2:6] - 1.0)
    assert mx.nd.imdecode(CONTENT, channels=1).shape == (1, *PLANES.shape[1:])
    out = mx.nd.zeros((2, *PLANES.shape))
    assert mx.nd.imdecode(CONTENT, out=out, index=1) is out
    np.testing.assert_array_equal(out.asnumpy(), [0 * PLANES, PLANES])
    found = INTERNAL._imdecode(x0=2, y0=1, x1=6, y1=8, str_img=CONTENT)
    np.testing.assert_array_equal(found.asnumpy(), PLANES[:, 1:8, 2:6])


@pytest.mark.parametrize(
    "arguments, match",
    [
        ({"channels": 4}, "channels=4"),
        ({"clip_rect": (2, 1, 600, 8)}, "clip_rect=.* is no part of a picture of 53x37"),
        ({"out": mx.nd.zeros((3, 5, 5))}, r"out has shape \(3, 5, 5\)"),
        ({"out": mx.nd.zeros((2, 3, 37, 53)), "index": 2}, "index=2 is out of range"),
    ],
)
def test_mistakes(arguments, match):
    with pytest.raises(ValueError, match=match):
        mx.nd.imdecode(CONTENT, **arguments)
