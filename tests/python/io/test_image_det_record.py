"""ImageDetRecordIter: labels and pixels after each kind of augmentation, errors.

The expected numbers are those of MXNet 1.9.1 for the same records and preprocess_threads=1.
"""

import numpy as np
import pytest

import mxnet as mx

LABELS = [
    [2, 5, 1, 0.1, 0.2, 0.5, 0.6],
    [2, 5, 0, 0.3, 0.1, 0.9, 0.4, 2, 0.6, 0.6, 0.9, 0.95],
    [4, 5, 7, 8, 3, 0.2, 0.3, 0.7, 0.8],
    [2, 6, 1, 0.05, 0.05, 0.3, 0.4, 9],
    [2, 5, 1, 0.4, 0.4, 0.4, 0.6, 2, 0.1, 0.1, 0.2, 0.2],
]
SIZES = [(40, 60), (64, 48), (30, 30), (80, 100), (50, 50)]
FULL = [(3, *size) for size in SIZES]


def picture(height, width):
    """Blue, green and red: the column, the row and 0."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, :, 0] = np.arange(width)
    pixels[:, :, 1] = np.arange(height)[:, None]
    return pixels


def write(path, labels):
    writer = mx.recordio.MXRecordIO(str(path), "w")
    for i, (label, size) in enumerate(zip(labels, SIZES)):
        header = mx.recordio.IRHeader(0, np.array(label, np.float32), 100 + i, 0)
        writer.write(mx.recordio.pack_img(header, picture(*size), img_fmt=".png"))
    writer.close()
    return str(path)


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    return write(tmp_path_factory.mktemp("records") / "pictures.rec", LABELS)


def iterator(path, **options):
    options = {"data_shape": (3, 100, 100), "batch_size": 5, "resize_mode": "shrink", **options}
    return mx.io.ImageDetRecordIter(path_imgrec=path, **options)


def read(path, **options):
    batch = iterator(path, **options).next()
    return batch.data[0].asnumpy(), batch.label[0].asnumpy()


def check_labels(labels, sizes, expected):
    """Compares sizes and labels, which are filled up with -1."""
    for row, size, values in zip(labels, sizes, expected):
        wanted = np.full(len(row), -1, np.float32)
        wanted[: 4 + len(values)] = [*size, len(values), *values]
        np.testing.assert_allclose(row, wanted, atol=1e-5)


def corners(data, labels):
    """Row and column of the first pixel, row of the last and column of the last."""
    found = []
    for pixels, label in zip(data, labels):
        height, width = int(label[1]), int(label[2])
        found.append(
            tuple(
                int(v)
                for v in (
                    pixels[1, 0, 0],
                    pixels[2, 0, 0],
                    pixels[1, height - 1, 0],
                    pixels[2, 0, width - 1],
                )
            )
        )
    return found


def test_labels_are_filled_up(records):
    source = iterator(records)
    assert source.provide_label[0].shape == (5, 16)
    assert source.provide_data[0].shape == (5, 3, 100, 100)
    batch = source.next()
    assert batch.index.tolist() == [100, 101, 102, 103, 104]
    # The empty box of the last picture is dropped.
    check_labels(batch.label[0].asnumpy(), FULL, [*LABELS[:4], LABELS[4][:2] + LABELS[4][7:]])
    _, labels = read(records, label_pad_width=20, label_pad_value=-7)
    assert labels.shape == (5, 24) and np.all(labels[0, 11:] == -7)


@pytest.mark.parametrize("threads", [1, 3])
def test_mirror_takes_boxes_along(records, threads):
    data, labels = read(records, rand_mirror_prob=0.5, preprocess_threads=threads)
    mirrored = [
        [2, 5, 1, 0.5, 0.2, 0.9, 0.6],
        [2, 5, 0, 0.1, 0.1, 0.7, 0.4, 2, 0.1, 0.6, 0.4, 0.95],
    ]
    check_labels(labels, FULL, mirrored + LABELS[2:4])
    assert corners(data, labels)[:3] == [(0, 59, 39, 0), (0, 47, 63, 0), (0, 0, 29, 29)]


def test_crop(records):
    data, labels = read(
        records,
        rand_crop_prob=1,
        min_crop_scales=0.4,
        max_crop_scales=0.8,
        min_crop_aspect_ratios=0.8,
        max_crop_aspect_ratios=1.25,
        min_crop_object_coverages=0.5,
    )
    sizes = [(3, 26, 31), (3, 45, 39), (3, 25, 21), (3, 56, 45), (3, 42, 35)]
    expected = [
        [2, 5, 1, 0, 0.00723, 0.48362, 0.60847],
        [2, 5, 0, 0.28892, 0.03179, 1, 0.45539, 2, 0.65686, 0.73779, 1, 1],
        [4, 5, 7, 8, 3, 0, 0.27677, 0.68566, 0.86858],
        [2, 6, 1, 0, 0.00013, 0.35796, 0.49371, 9],
        [2, 5, 2, 0.02973, 0.02586, 0.17109, 0.1434],
    ]
    check_labels(labels, sizes, expected)
    places = [(7, 14, 32, 44), (4, 3, 48, 41), (1, 6, 25, 26), (3, 13, 58, 57), (3, 3, 44, 37)]
    assert corners(data, labels) == places


def test_crop_samplers(records):
    data, labels = read(
        records,
        rand_crop_prob=1,
        num_crop_sampler=3,
        min_crop_scales=(0.3, 0.5, 0.7),
        max_crop_scales=(0.4, 0.6, 0.8),
        crop_emit_mode="overlap",
    )
    sizes = [(3, 27, 27), (3, 39, 39), (3, 11, 11), (3, 30, 30), (3, 36, 36)]
    expected = [
        [2, 5, 1, 0, 0, 0.4242, 0.45627],
        [2, 5, 0, 0.33841, 0, 1, 0.19261, 2, 0.70186, 0.51567, 1, 1],
        [4, 5, 7, 8, 3, 0, 0, 0.95258, 0.66857],
        [2, 6, 1, 0, 0, 0.41037, 0.76857, 9],
        [2, 5, 2, 0.09334, 0, 0.23008, 0.10075],
    ]
    check_labels(labels, sizes, expected)
    places = [(11, 18, 37, 44), (17, 0, 55, 38), (16, 9, 26, 19), (8, 17, 37, 46), (6, 1, 41, 36)]
    assert corners(data, labels) == places


def test_pad(records):
    data, labels = read(records, rand_pad_prob=1, max_pad_scale=1.2)
    sizes = [(3, 43, 65), (3, 71, 52), (3, 31, 31), (3, 79, 100), (3, 56, 56)]
    expected = [
        [2, 5, 1, 0.17052, 0.22837, 0.53491, 0.59276],
        [2, 5, 0, 0.36062, 0.10415, 0.89997, 0.37383, 2, 0.63029, 0.55361, 0.89997, 0.86824],
        [4, 5, 7, 8, 3, 0.1974, 0.33284, 0.67218, 0.80762],
        [2, 6, 1, 0.09837, 0.14288, 0.31625, 0.44792, 9],
        [2, 5, 2, 0.20252, 0.20342, 0.29061, 0.2915],
    ]
    check_labels(labels, sizes, expected)
    assert corners(data, labels)[2] == (127, 127, 29, 127)


@pytest.mark.parametrize(
    "mode, sizes",
    [
        ("force", [(32, 32)] * 5),
        ("shrink", [(21, 32), (32, 24), (30, 30), (25, 32), (32, 32)]),
        ("fit", [(21, 32), (32, 24), (32, 32), (25, 32), (32, 32)]),
    ],
)
def test_resize_modes(records, mode, sizes):
    data, labels = read(records, resize_mode=mode, data_shape=(3, 32, 32), mean_g=2, std_g=4)
    assert [tuple(row[1:3].astype(int)) for row in labels] == sizes
    for pixels, (height, width) in zip(data, sizes):
        # The rest of a batch is normalized like pixels of 0.
        assert np.all(pixels[1, height:] == -0.5) and np.all(pixels[1, :, width:] == -0.5)
        assert np.all(pixels[2, height:] == 0) and pixels[1, height - 1, width - 1] > 0


def test_shuffled_order(records):
    assert iterator(records, shuffle=True).next().index.tolist() == [101, 102, 104, 103, 100]


def test_labels_of_a_list(records, tmp_path):
    path = tmp_path / "labels.lst"
    lines = [f"{100 + i}\t2\t5\t{i}\t0.1\t0.2\t0.3\t0.4\tpath\n" for i in range(5)]
    path.write_text("".join(lines))
    _, labels = read(records, path_imglist=str(path))
    check_labels(labels, FULL, [[2, 5, i, 0.1, 0.2, 0.3, 0.4] for i in range(5)])


@pytest.mark.parametrize(
    "options, message",
    [
        ({"label_width": 7}, "label_width=7 does not fit a record of 12 labels"),
        ({"label_pad_width": 5}, "label_pad_width=5 does not fit a record of 12 labels"),
        ({"resize_mode": "bad"}, "resize_mode="),
        ({"inter_method": 7}, "inter_method=7"),
        ({"dtype": "uint8"}, "dtype=uint8"),
        ({"rand_crop_prob": 1, "min_crop_scales": 1}, "min_crop_scales=1 does not fit"),
        ({"rand_crop_prob": 1, "max_crop_scales": 2}, "max_crop_scales=2 is out of range"),
        ({"rand_crop_prob": 1, "min_crop_overlaps": (0, 0.1)}, "min_crop_overlaps has 2 values"),
        ({"aug_seq": "aug_default"}, "aug_seq='aug_default'"),
    ],
)
def test_wrong_arguments(records, options, message):
    with pytest.raises(mx.MXNetError) as raised:
        iterator(records, **options)
    text = str(raised.value)
    assert text.startswith("ImageDetRecordIter: ") and message in text and "\n" not in text


@pytest.mark.parametrize(
    "label, message",
    [
        ([2, 5, 0, 0.1, 0.1, 0.2], "there are 6 labels"),
        ([1, 5, 0, 0.1, 0.1, 0.2, 0.2], "label 0=1"),
        ([2, 4, 0, 0.1, 0.1, 0.2, 0.2], "label 1=4"),
        ([2, float("nan"), 0, 0.1, 0.1, 0.2, 0.2], "label 1=nan"),
        ([2, 5, 0, 0.1, 0.1, 0.2, 0.2, 1], "there are 8 labels"),
    ],
)
def test_labels_of_another_form(tmp_path, label, message):
    path = write(tmp_path / "pictures.rec", [label])
    with pytest.raises(mx.MXNetError, match=f"at byte 0.*{message}"):
        read(path, batch_size=1)


def test_arguments_of_the_other_iterator_are_named(records):
    with pytest.warns(UserWarning, match="ignoring unknown arguments rand_mirror"):
        iterator(records, rand_mirror=True)
