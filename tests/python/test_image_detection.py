"""Pictures with boxes: augmenters and iterator, against results of MXNet 1.9.1."""

import json
import pathlib
import sys

import numpy as np
import pytest

import mxnet as mx
from mxnet import image

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import image_detection_programs as programs  # noqa: E402

STORED = json.loads((programs.DATA / "detection.json").read_text())
BOXES = np.array([[0, 0.1, 0.2, 0.5, 0.6]])
PICTURE = mx.nd.zeros((20, 30, 3), dtype="uint8")


def compare(found, expected, rtol):
    assert len(found) == len(expected)
    for mine, theirs in zip(found, expected):
        assert mine[0] == theirs[0]
        assert mine[1] == pytest.approx(theirs[1], rel=rtol, abs=1e-2)
        np.testing.assert_allclose(mine[2], theirs[2], atol=2e-6)
        assert mine[3:] == theirs[3:]


@pytest.mark.parametrize("text", programs.AUGMENTERS + programs.RECIPES)
def test_augmenters(text):
    found = json.loads(json.dumps(programs.augmented(text)))
    expected = STORED["augmenters"][text]
    compare(found["out"], expected["out"], 1e-6)
    assert found["dumps"] == expected["dumps"] and found["next"] == expected["next"]


@pytest.mark.parametrize("arguments", programs.ITERATORS, ids=str)
def test_iterators(arguments):
    compare(programs.iterated(arguments), STORED["iterators"][str(arguments)], 1e-6)


@pytest.mark.parametrize(
    "make",
    [
        lambda: image.DetRandomCropAug(area_range=(0.9, 0.1)),
        lambda: image.DetRandomCropAug(aspect_ratio_range=(2, 1)),
        lambda: image.DetRandomPadAug(area_range=(0.5, 0.9)),
    ],
)
def test_ranges_without_effect_are_told(make):
    with pytest.warns(UserWarning, match="has no effect"):
        augmenter = make()
    picture, label = augmenter(PICTURE, BOXES)
    assert picture is PICTURE and label is BOXES


@pytest.mark.parametrize(
    "make, kind, match",
    [
        (lambda: image.DetBorrowAug(3), TypeError, "augmenter is a int"),
        (lambda: image.DetRandomSelectAug([image.CastAug()]), ValueError, "holds a CastAug"),
        (
            lambda: image.CreateMultiRandCropAugmenter([0.1, 0.2, 0.3], max_attempts=[1, 2]),
            AssertionError,
            "has 2 values; 1 or 3",
        ),
        (lambda: image.DetAugmenter()(PICTURE, BOXES), NotImplementedError, "overridden"),
    ],
)
def test_mistakes_in_augmenters(make, kind, match):
    with pytest.raises(kind, match=match):
        make()


def iterator(files=programs.FILES, **kwargs):
    root = str(programs.DATA)
    return image.ImageDetIter(2, (3, 20, 30), imglist=files, path_root=root, **kwargs)


@pytest.mark.parametrize(
    "label, match",
    [
        ([2, 5], "a label is .*2 or more"),
        ([1, 5, 0, 0.1, 0.2, 0.3, 0.4], "a label is .*2 or more"),
        ([2, 4, 0, 0.1, 0.2, 0.3, 0.4, 0.5], "a label is .*5 or more"),
        ([2, 5, 0, 0.1, 0.2, 0.3, 0.4, 0.5], "as many numbers"),
        ([2, 5, 0, 0.5, 0.2, 0.3, 0.4], "without an object"),
    ],
)
def test_labels_are_checked(label, match):
    with pytest.raises(ValueError, match=match):
        iterator([[label, "jpeg_420.jpg"]])


def test_shapes_can_be_changed():
    batches = iterator()
    batches.reshape(label_shape=(6, 5))
    assert batches.provide_label[0].shape == (2, 6, 5)
    label = batches.next().label[0].asnumpy()
    assert label.shape == (2, 6, 5) and (label[:, 3:] == -1).all()
    batches.auglist[0].augmenter.size = (35, 25)
    batches.reshape(data_shape=(3, 25, 35))
    assert batches.provide_data[0].shape == batches.next().data[0].shape == (2, 3, 25, 35)


@pytest.mark.parametrize(
    "shapes, match",
    [
        ({"label_shape": (1, 5)}, "holds 1 objects; at least 3"),
        ({"label_shape": (4, 6)}, "has 6 numbers of an object; 5"),
        ({"label_shape": (4,)}, "has 1 numbers"),
        ({"data_shape": (1, 2)}, "has 2 dimensions"),
        ({"data_shape": (1, 20, 20)}, "has 1 channels"),
    ],
)
def test_shapes_that_do_not_fit(shapes, match):
    with pytest.raises(ValueError, match=match):
        iterator().reshape(**shapes)


def test_label_shapes_of_two_iterators():
    few, many = iterator(programs.FILES[:2]), iterator()
    assert (few.label_shape, many.label_shape) == ((2, 5), (3, 5))
    assert few.sync_label_shape(many) is many
    assert few.label_shape == many.label_shape == (3, 5)
    with pytest.raises(AssertionError, match="it is a int"):
        few.sync_label_shape(3)


def test_boxes_are_drawn():
    pytest.importorskip("cv2")
    names = {0: "cat", 1: "dog"}
    plain = next(iterator().draw_next(color=(255, 0, 0), thickness=1))
    named = next(iterator().draw_next(color=(255, 0, 0), thickness=1, id2labels=names))
    assert plain.shape == (20, 30, 3) and plain.dtype == np.uint8
    for row, column in ((4, 3), (4, 15), (12, 3), (12, 15)):  # corners of 0.1, 0.2, 0.5, 0.6
        assert plain[row, column].tolist() == [255, 0, 0]
    assert (plain != named).any()
    assert len(list(iterator().draw_next(mean=True, std=np.array([2.0])))) == len(programs.FILES)


def test_pictures_in_records(tmp_path):
    programs._records(tmp_path)
    (tmp_path / "labels.lst").write_text("3\t7.5\tx\n0\t6.5\ty\n")
    records = {"path_imgrec": str(tmp_path / "a.rec"), "path_imgidx": str(tmp_path / "a.idx")}
    listed = {**records, "path_imglist": str(tmp_path / "labels.lst")}
    batch = image.ImageIter(2, (3, 20, 30), **listed).next()
    assert batch.label[0].asnumpy().tolist() == [7.5, 6.5]
    first = mx.image.imread(str(programs.DATA / "jpeg_gray.jpg"))
    expected = mx.image.center_crop(first, (30, 20))[0].asnumpy().transpose(2, 0, 1)
    np.testing.assert_array_equal(batch.data[0][0].asnumpy(), expected)
    with pytest.raises(AssertionError, match="path_imgidx=None"):
        image.ImageIter(2, (3, 20, 30), path_imgrec=records["path_imgrec"], shuffle=True)
    with pytest.raises(ValueError, match="imglist says no keys"):
        image.ImageIter(2, (3, 20, 30), **records, imglist=[[1.0, "x"]])
    with pytest.raises(ValueError, match="a picture has 7 labels; label_width=2"):
        image.ImageIter(1, (3, 20, 30), **records, label_width=2).next()
