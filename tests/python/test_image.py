"""mxnet.image against what MXNet 1.9.1 and OpenCV gave (tests/data/image)."""

import json
import random
import zlib
from pathlib import Path

import numpy as np
import pytest

import mxnet as mx

HERE = Path(__file__).resolve()
DATA = HERE.parents[1] / "data" / "image"
SHARED = HERE.parents[3] / "shared" / "data" / "images"
REFERENCE = json.loads((DATA / "python.json").read_text())
PICTURE = str(DATA / "jpeg_420.jpg")


def table(name):
    lines = (DATA / name).read_text().splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def checksum(array):
    array = array.asnumpy() if isinstance(array, mx.nd.NDArray) else array
    return zlib.crc32(np.ascontiguousarray(array).tobytes())


def seeded(function, *arguments):
    random.seed(REFERENCE["seed"])
    np.random.seed(REFERENCE["seed"])
    return function(*arguments)


def check_summary(array, expected, tolerance=2e-6):
    array = array.asnumpy().astype(np.float64)
    weights = np.arange(array.size).reshape(array.shape) % 251
    assert list(array.shape) == expected["shape"]
    np.testing.assert_allclose(array.sum(), expected["sum"], rtol=tolerance)
    np.testing.assert_allclose((array * weights).sum(), expected["weighted"], rtol=tolerance)


def test_imdecode_gives_the_pixels_of_mxnet():
    checked = 0
    for name, decoder, mode, height, width, channels, crc in table("decoded.tsv"):
        if decoder != "mxnet":
            continue
        pixels = mx.image.imdecode((DATA / name).read_bytes(), flag=int(mode))
        assert pixels.shape == (int(height), int(width), int(channels)), name
        assert pixels.dtype == np.uint8
        assert checksum(pixels) == int(crc), (name, mode)
        checked += 1
    assert checked > 80


def test_imread_reads_what_imdecode_decodes():
    data = Path(PICTURE).read_bytes()
    assert checksum(mx.image.imread(PICTURE)) == checksum(mx.image.imdecode(data))
    red_first = mx.image.imread(PICTURE).asnumpy()
    blue_first = mx.image.imread(PICTURE, to_rgb=0).asnumpy()
    np.testing.assert_array_equal(red_first, blue_first[:, :, ::-1])


@pytest.mark.parametrize("convert", [bytes, bytearray, memoryview, "numpy", "ndarray"])
def test_imdecode_takes_any_buffer(convert):
    data = Path(PICTURE).read_bytes()
    expected = checksum(mx.image.imdecode(data))
    if convert == "numpy":
        data = np.frombuffer(data, np.uint8)
    elif convert == "ndarray":
        data = mx.nd.array(np.frombuffer(data, np.uint8), dtype="uint8")
    else:
        data = convert(data)
    assert checksum(mx.image.imdecode(data)) == expected


def test_wrong_input_is_named():
    with pytest.raises(mx.MXNetError, match="imread: filename='none.jpg' cannot be opened"):
        mx.image.imread("none.jpg")
    with pytest.raises(mx.MXNetError, match="imread: filename=.*is no image"):
        mx.image.imread(str(DATA / "decoded.tsv"))
    with pytest.raises(mx.MXNetError, match="imdecode: buf=5 bytes beginning with 68 65"):
        mx.image.imdecode(b"hello")
    with pytest.raises(mx.MXNetError, match="PNG file cannot be decoded: it ends too early"):
        mx.image.imdecode((DATA / "damaged_half.png").read_bytes())
    with pytest.raises(mx.MXNetError, match="flag=2 is unknown"):
        mx.image.imdecode(b"", flag=2)
    with pytest.raises(ValueError, match="buf is a str"):
        mx.image.imdecode("text")
    picture = mx.image.imread(PICTURE)
    with pytest.raises(mx.MXNetError, match="w=0, h=10"):
        mx.image.imresize(picture, 0, 10)
    with pytest.raises(mx.MXNetError, match=r"shape \(37, 53\)"):
        mx.image.imresize(mx.nd.zeros((37, 53)), 5, 10)
    with pytest.raises(mx.MXNetError, match="dtype int32"):
        mx.image.imresize(picture.astype("int32"), 5, 10)
    with pytest.raises(ValueError, match="interp=7"):
        mx.image.imresize(picture, 5, 10, 7)
    with pytest.raises(mx.MXNetError, match="margins"):
        mx.image.copyMakeBorder(picture, -1, 0, 0, 0)


def series(height, width, channels):
    """The pixels of tools/oracle/make_image_reference.py."""
    state, values = 12345, []
    for _ in range(height * width * channels):
        state = (state * 1103515245 + 12345) & 0xFFFFFFFF
        values.append(state >> 24)
    return np.array(values, np.uint8).reshape(height, width, channels)


def test_imresize_equals_mxnet_to_the_last_bit():
    for height, width, channels, new_height, new_width, interp, crc8, crc32 in table("resized.tsv"):
        pixels = series(int(height), int(width), int(channels))
        for dtype, crc in (("uint8", crc8), ("float32", crc32)):
            src = mx.nd.array(pixels, dtype=dtype)
            resized = mx.image.imresize(src, int(new_width), int(new_height), int(interp))
            assert resized.dtype == np.dtype(dtype)
            assert checksum(resized) == int(crc), (pixels.shape, new_height, new_width, interp)


def test_sizes():
    assert mx.image.scale_down((640, 480), (720, 120)) == (640, 106)
    assert mx.image.scale_down((360, 1000), (480, 500)) == (360, 375)
    assert mx.image.scale_down((10, 10), (5, 5)) == (5, 5)
    picture = mx.image.imread(PICTURE)
    assert mx.image.resize_short(picture, 20).shape == (20, 28, 3)
    assert mx.image.resize_short(picture.transpose((1, 0, 2)), 20).shape == (28, 20, 3)
    assert mx.image.fixed_crop(picture, 3, 5, 20, 10).shape == (10, 20, 3)
    assert mx.image.fixed_crop(picture, 3, 5, 20, 10, (7, 6)).shape == (6, 7, 3)


def test_crops_are_where_mxnet_makes_them():
    picture, places = mx.image.imread(PICTURE), REFERENCE["crops"]
    crop, place = seeded(mx.image.random_crop, picture, (20, 10))
    assert list(place) == places["random_crop"]
    x, y = place[:2]
    np.testing.assert_array_equal(crop.asnumpy(), picture.asnumpy()[y : y + 10, x : x + 20])
    assert list(mx.image.center_crop(picture, (100, 50))[1]) == places["center_crop"]
    arguments = ((20, 10), (0.08, 1.0), (0.75, 1.33))
    crop, place = seeded(mx.image.random_size_crop, picture, *arguments)
    assert list(place) == places["random_size_crop"]
    assert crop.shape == (10, 20, 3)


@pytest.mark.parametrize("case", REFERENCE["augmenters"], ids=lambda case: case["class"])
def test_augmenters_do_as_in_mxnet(case):
    arguments = case["arguments"]
    if case["class"] == "LightingAug":
        arguments = [arguments[0], np.array(arguments[1]), np.array(arguments[2])]
    augmenter = getattr(mx.image, case["class"])(*arguments)
    assert json.loads(json.dumps(augmenter.dumps())) == case["dumps"]
    picture = mx.image.imread(PICTURE).astype("float32")
    check_summary(seeded(augmenter, picture), case)


def test_create_augmenter_lists_what_mxnet_lists():
    made = mx.image.CreateAugmenter(
        (3, 20, 20), 30, True, True, True, True, True, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1
    )
    assert json.loads(json.dumps([aug.dumps() for aug in made])) == REFERENCE["recipe"]
    with pytest.raises(AssertionError, match="rand_crop"):
        mx.image.CreateAugmenter((3, 20, 20), rand_resize=True)


@pytest.mark.parametrize(
    "case", REFERENCE["rotations"], ids=lambda c: f"{c['degrees']}-{c['zoom']}"
)
def test_imrotate(case):
    picture = mx.image.imread(PICTURE).astype("float32").transpose((2, 0, 1))
    zoom = case["zoom"]
    turned = mx.image.imrotate(picture, case["degrees"], zoom == "in", zoom == "out")
    check_summary(turned, case)


def test_imrotate_takes_batches_and_refuses_wrong_arguments():
    picture = mx.image.imread(PICTURE).astype("float32").transpose((2, 0, 1))
    batch = mx.nd.array(np.stack([picture.asnumpy()] * 2))
    turned = mx.image.imrotate(batch, mx.nd.array([30, -50])).asnumpy()
    np.testing.assert_array_equal(turned[1], mx.image.imrotate(picture, -50).asnumpy())
    assert mx.image.random_rotate(batch, (-5, 5)).shape == batch.shape
    with pytest.raises(ValueError, match="3 rotation_degrees for 2"):
        mx.image.imrotate(batch, mx.nd.array([1, 2, 3]))
    with pytest.raises(TypeError, match="float32"):
        mx.image.imrotate(picture.astype("uint8"), 3)
    with pytest.raises(ValueError, match="only one"):
        mx.image.imrotate(picture, 3, True, True)


@pytest.mark.parametrize("kind", range(5))
def test_copy_make_border(kind):
    picture = mx.image.imread(PICTURE)
    framed = mx.image.copyMakeBorder(picture, 3, 2, 60, 4, type=kind, values=(1, 2.5, 300))
    check_summary(framed, REFERENCE["borders"][kind], 0)
    floats = mx.image.copyMakeBorder(picture.astype("float32"), 3, 2, 60, 4, type=kind)
    assert floats.dtype == np.float32
    np.testing.assert_array_equal(floats.asnumpy()[3:-2, 60:-4], picture.asnumpy())


def test_color_normalize_works_in_place():
    picture = mx.nd.array(np.full((2, 2, 3), 7, np.float32))
    result = mx.image.color_normalize(picture, mx.nd.array([1, 2, 3]), mx.nd.array([2, 2, 2]))
    np.testing.assert_array_equal(result.asnumpy()[0, 0], [3, 2.5, 2])
    np.testing.assert_array_equal(picture.asnumpy(), result.asnumpy())


FILES = ["jpeg_420.jpg", "jpeg_444.jpg", "png_rgb.png", "jpeg_gray.jpg"]


def image_iter(**kwargs):
    entries = [[float(i), name] for i, name in enumerate(FILES)]
    arguments = {"batch_size": 3, "data_shape": (3, 20, 20), "imglist": entries}
    return mx.image.ImageIter(**{**arguments, "path_root": str(DATA), **kwargs})


def labels_and_pad(batches):
    return [(batch.label[0].asnumpy().tolist(), batch.pad) for batch in batches]


def test_image_iter_batches():
    batches = image_iter()
    assert [tuple(d) for d in batches.provide_data] == [("data", (3, 3, 20, 20))]
    assert [tuple(d) for d in batches.provide_label] == [("softmax_label", (3,))]
    first = batches.next()
    assert first.data[0].shape == (3, 3, 20, 20) and first.data[0].dtype == np.float32
    crop = mx.image.center_crop(mx.image.imread(PICTURE), (20, 20))[0].asnumpy()
    np.testing.assert_array_equal(first.data[0].asnumpy()[0], crop.transpose(2, 0, 1))


@pytest.mark.parametrize(
    "handle, epochs",
    [
        ("pad", [[([0, 1, 2], 0), ([3, 0, 1], 2)]] * 3),
        ("discard", [[([0, 1, 2], 0)]] * 3),
        ("roll_over", [[([0, 1, 2], 0)], [([3, 0, 1], 2)], [([2, 3, 0], 1), ([1, 2, 3], 0)]]),
    ],
)
def test_image_iter_last_batch(handle, epochs):
    batches = image_iter(last_batch_handle=handle)
    for expected in epochs:
        assert labels_and_pad(batches) == expected
        batches.reset()


def test_image_iter_lists_parts_and_order(tmp_path):
    listing = tmp_path / "files.lst"
    listing.write_text("5\t0.5\t1\tjpeg_420.jpg\n7\t1.5\t2\tjpeg_444.jpg\n")
    pairs = image_iter(imglist=None, path_imglist=str(listing), label_width=2, batch_size=2)
    assert labels_and_pad(pairs) == [([[0.5, 1], [1.5, 2]], 0)]
    second = image_iter(num_parts=2, part_index=1, batch_size=1)
    assert [label for label, _ in labels_and_pad(second)] == [[2], [3]]
    random.seed(1)
    shuffled = image_iter(shuffle=True, batch_size=4)
    assert sorted(labels_and_pad(shuffled)[0][0]) == [0, 1, 2, 3]


def test_image_iter_refuses_wrong_arguments():
    with pytest.raises(AssertionError, match="imglist"):
        mx.image.ImageIter(2, (3, 20, 20))
    with pytest.raises(ValueError, match="3 is expected"):
        image_iter(data_shape=(1, 20, 20))
    with pytest.raises(ValueError, match="last_batch_handle='some'"):
        image_iter(last_batch_handle="some")
    with pytest.raises(ValueError, match="data_shape"):
        image_iter(aug_list=[]).next()
    with pytest.raises(mx.MXNetError, match="cannot be decoded"):
        image_iter(imglist=[[1, "damaged_half.png"]]).next()


@pytest.mark.skipif(not SHARED.exists(), reason="the large pictures are not here")
def test_large_pictures():
    expected = json.loads((SHARED / "ref" / "decoded_pixels.json").read_text())
    native = mx.image.functions._native()
    for name, entry in expected.items():
        data = (SHARED / name).read_bytes()
        pixels = mx.image.imdecode(data).asnumpy()
        assert list(pixels.shape) == entry["shape_hwc"], name
        assert int(pixels.sum(dtype=np.int64)) == entry["mx_imdecode_rgb_sum"], name
        like_cv2 = native.decode(data, to_rgb=False, upright=True, smooth_vertical_chroma=True)
        assert int(like_cv2.sum(dtype=np.int64)) == entry["bgr_pixel_sum"], name
        assert like_cv2[0, 0].tolist() == entry["first_pixel_bgr"], name


@pytest.mark.skipif(not SHARED.exists(), reason="the large pictures are not here")
def test_tutorial_preprocessing():
    expected = np.load(SHARED / "ref" / "sample-image0_rgb224_uint8.npy")
    picture = mx.image.imread(str(SHARED / "sample-image0.jpeg"))
    resized = mx.image.imresize(picture, 224, 224)
    np.testing.assert_array_equal(resized.asnumpy(), expected)
