"""Every augmentation of record files, against results of MXNet 1.9.1 (record_programs.py)."""

import json
import pathlib
import sys

import numpy as np
import pytest

import mxnet as mx

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import record_programs as programs  # noqa: E402

STORED = json.loads(programs.STORED.read_text())


@pytest.mark.parametrize("name", programs.PICTURES)
def test_pictures(tmp_path, name):
    checksum, pixels = programs.picture_summary(tmp_path, name)
    assert pixels == STORED["pictures"][name][1]
    assert checksum == STORED["pictures"][name][0]


@pytest.mark.parametrize("name", programs.OBJECTS)
def test_objects(tmp_path, name):
    checksum, pixels = programs.object_summary(tmp_path, name)
    assert pixels == STORED["objects"][name][1]
    assert checksum == STORED["objects"][name][0]


def test_threads_change_nothing(tmp_path):
    assert programs.picture_summary(tmp_path, "all", 3) == STORED["pictures"]["all"]
    assert programs.object_summary(tmp_path, "all", 3) == STORED["objects"]["all"]


def read(tmp_path, kind="ImageRecordUInt8Iter", channels=3, **options):
    path = programs.write(tmp_path / "pictures.rec", channels, options.pop("label", None))
    options = {"data_shape": (channels, 20, 24), "batch_size": 5, **options}
    return getattr(mx.io, kind)(path_imgrec=path, **options).next().data[0].asnumpy()


def test_a_quarter_turn_to_the_nearest_pixel(tmp_path):
    """MXNet 1.9.1 refuses inter_method=0 here."""
    shape = {"data_shape": (3, 30, 30)}
    plain = read(tmp_path, **shape)[2]
    turned = read(tmp_path, rotate=180, inter_method=0, **shape)[2]
    np.testing.assert_array_equal(turned[:, 1:, 1:], plain[:, :0:-1, :0:-1])


def test_without_augmenter_pictures_must_fit(tmp_path):
    with pytest.raises(mx.MXNetError, match="aug_seq='' leaves a picture of 40x60"):
        read(tmp_path, aug_seq="")


def test_bytes_stay_bytes(tmp_path):
    assert read(tmp_path, dtype="float32").dtype == np.uint8
    assert read(tmp_path, "ImageRecordInt8Iter", dtype="float32").dtype == np.int8


@pytest.mark.parametrize(
    "options, message",
    [
        ({"aug_seq": "aug_default,other"}, "names the augmenter 'other'"),
        ({"max_rotate_angle": -1}, "max_rotate_angle=-1"),
        ({"rotate_list": "1e30"}, "rotate_list has the angle 1e"),
        ({"random_resized_crop": True, "max_random_scale": 2}, "random_resized_crop=1"),
        (
            {"random_resized_crop": True, "min_aspect_ratio": 0.7, "max_aspect_ratio": 0.1},
            "min_aspect_ratio=0.7 is above max_aspect_ratio=0.1",
        ),
        ({"max_random_scale": 1e-4, "min_random_scale": 1e-4}, "scaling makes a picture of"),
        ({"max_random_scale": 1e9, "min_random_scale": 1e9}, "scaling makes a picture of"),
        (
            {
                "kind": "ImageDetRecordIter",
                "channels": 1,
                "random_hue_prob": 0.5,
                "label": programs.LABEL,
            },
            "random_hue_prob=0.5 does not fit",
        ),
        (
            {"kind": "ImageDetRecordIter", "aug_seq": "aug_default", "label": programs.LABEL},
            "names the augmenter 'aug_default'",
        ),
    ],
)
def test_wrong_arguments(tmp_path, options, message):
    with pytest.raises(mx.MXNetError) as raised:
        read(tmp_path, **options)
    assert message in str(raised.value) and "\n" not in str(raised.value)
