"""ImageRecordIter: order of records, draws of augmentation, errors, threads.

The expected numbers are those of MXNet 1.9.1 for the same records and preprocess_threads=1.
"""

import os
import struct
import subprocess
import sys
import textwrap
import zlib

import numpy as np
import pytest

import mxnet as mx

HEIGHT, WIDTH, COUNT = 40, 60, 20


def png(pixels):
    """A PNG file of an array (height, width, 3) of uint8, red first."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    height, width = pixels.shape[:2]
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def picture(number):
    """Red is the number of the picture, green its row and blue its column."""
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pixels[:, :, 0] = number
    pixels[:, :, 1] = np.arange(HEIGHT)[:, None]
    pixels[:, :, 2] = np.arange(WIDTH)
    return png(pixels)


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    base = str(tmp_path_factory.mktemp("records") / "pictures")
    writer = mx.recordio.MXIndexedRecordIO(base + ".idx", base + ".rec", "w")
    for i in range(COUNT):
        header = mx.recordio.IRHeader(0, float(i), 1000 + i, 0)
        writer.write_idx(i, mx.recordio.pack(header, picture(i)))
    writer.close()
    return base


def iterator(base, kind="ImageRecordIter", **options):
    options = {"data_shape": (3, 8, 8), "batch_size": 6, **options}
    return getattr(mx.io, kind)(path_imgrec=base + ".rec", **options)


def labels(source):
    return [(batch.label[0].asnumpy().astype(int).tolist(), batch.pad) for batch in source]


def order(source):
    return [label for row, _ in labels(source) for label in row]


def corners(source):
    """Row and column of the first pixel of each picture of the first batch."""
    data = source.next().data[0].asnumpy()
    return [(int(y), int(x)) for y, x in zip(data[:, 1, 0, 0], data[:, 2, 0, 0])]


@pytest.mark.parametrize("index", [False, True])
def test_epochs_go_round(records, index):
    options = {"path_imgidx": records + ".idx"} if index else {}
    source = iterator(records, **options)
    assert labels(source)[-1] == ([18, 19, 0, 1, 2, 3], 4)
    source.reset()
    epoch = labels(source)
    assert epoch[0] == ([4, 5, 6, 7, 8, 9], 0) and epoch[-1] == ([16, 17, 18, 19, 0, 1], 2)
    source.reset()
    assert order(source) == list(range(2, 20))


def test_last_batch_without_rounding(records):
    source = iterator(records, round_batch=False)
    for _ in range(2):
        assert labels(source)[-1] == ([18, 19, 0, 0, 0, 0], 4)
        source.reset()


def test_reset_in_the_middle_starts_over(records):
    source = iterator(records)
    source.next()
    source.reset()
    assert order(source)[:8] == list(range(8))


@pytest.mark.parametrize("index", [False, True])
def test_shuffled_orders(records, index):
    options = {"path_imgidx": records + ".idx"} if index else {}
    source = iterator(records, batch_size=5, shuffle=True, **options)
    first = [13, 11, 12, 2, 17, 6, 19, 0, 5, 14, 16, 4, 9, 18, 8, 7, 1, 10, 3, 15]
    second = [6, 18, 16, 12, 19, 0, 15, 2, 3, 8, 13, 17, 5, 9, 10, 14, 11, 7, 4, 1]
    assert order(source) == first
    source.reset()
    assert order(source) == second
    other = iterator(records, batch_size=5, shuffle=True, seed=5, **options)
    assert order(other)[:6] == [13, 16, 0, 8, 10, 5]


@pytest.mark.parametrize("index", [False, True])
def test_parts_hold_each_record_once(records, index):
    options = {"path_imgidx": records + ".idx"} if index else {}
    found = []
    for part in range(3):
        source = iterator(
            records,
            batch_size=1,
            num_parts=3,
            part_index=part,
            part_handle="keep",
            round_batch=False,
            **options,
        )
        found += order(source)
    assert found == list(range(COUNT))


@pytest.mark.parametrize("threads", [1, 3])
def test_draws_of_crop_and_mirror(records, threads):
    source = iterator(records, rand_crop=True, preprocess_threads=threads, batch_size=8)
    places = [(20, 6), (14, 45), (9, 20), (0, 34), (7, 37), (32, 5), (2, 14), (20, 9)]
    assert corners(source) == places
    source = iterator(
        records, rand_crop=True, rand_mirror=True, preprocess_threads=threads, batch_size=8
    )
    places = [(20, 13), (25, 22), (0, 34), (11, 55), (2, 14), (9, 45), (2, 12), (27, 25)]
    assert corners(source) == places


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize(
    "options, colors",
    [
        ({"brightness": 0.3}, [(107, 160, 213), (88, 132, 176), (95, 143, 190)]),
        ({"contrast": 0.3}, [(113, 152, 191), (107, 151, 195), (96, 149, 203)]),
        ({"saturation": 0.3}, [(112, 152, 192), (104, 151, 197), (109, 151, 194)]),
        (
            {"brightness": 0.3, "contrast": 0.3, "saturation": 0.3},
            [(130, 163, 197), (97, 134, 169), (101, 144, 186)],
        ),
        ({"pca_noise": 0.1}, [(102, 153, 202), (102, 152, 202), (93, 144, 194)]),
        ({"random_h": 20}, [(100, 187, 200), (100, 167, 200), (100, 137, 200)]),
        ({"random_s": 20}, [(103, 150, 197), (105, 150, 195), (95, 150, 205)]),
        ({"random_l": 20}, [(115, 160, 205), (100, 150, 200), (88, 142, 196)]),
        (
            {"random_h": 20, "random_s": 20, "random_l": 20},
            [(118, 191, 202), (105, 165, 195), (83, 126, 201)],
        ),
    ],
)
def test_colors(tmp_path, threads, options, colors):
    pixels = np.zeros((8, 8, 3), np.uint8)
    pixels[:] = (100, 150, 200)
    writer = mx.recordio.MXRecordIO(str(tmp_path / "pictures.rec"), "w")
    for i in range(3):
        writer.write(mx.recordio.pack(mx.recordio.IRHeader(0, float(i), i, 0), png(pixels)))
    writer.close()
    source = iterator(
        str(tmp_path / "pictures"), batch_size=3, preprocess_threads=threads, **options
    )
    data = source.next().data[0].asnumpy()
    for picture, color in zip(data, colors):
        assert picture[:, 0, 0].tolist() == list(color)
        assert np.all(picture == picture[:, :1, :1])


def test_seed_aug(records):
    source = iterator(records, rand_crop=True, seed_aug=5, batch_size=4)
    assert corners(source) == [(12, 30), (14, 41), (31, 6), (27, 8)]


def test_normalization(records):
    plain = iterator(records).next().data[0].asnumpy()
    assert plain.dtype == np.float32 and plain[0, 1, 0, 0] == 16 and plain[0, 2, 0, 0] == 26
    options = {"mean_g": 10, "mean_b": 10, "std_g": 2, "std_b": 4, "scale": 3}
    data = iterator(records, **options).next().data[0].asnumpy()
    assert data[0, 1, 0, 0] == 9 and data[0, 2, 0, 0] == 12
    for kind in ("ImageRecordUInt8Iter", "ImageRecordUInt8Iter_v1"):
        source = iterator(records, kind, **options)
        assert source.provide_data[0].dtype == np.uint8
        assert source.provide_label[0].dtype == np.float32
        np.testing.assert_array_equal(source.next().data[0].asnumpy(), plain)
    data = iterator(records, "ImageRecordInt8Iter", mean_g=10, mean_b=30).next().data[0].asnumpy()
    assert data.dtype == np.int8 and data[0, 1, 0, 0] == 6 and data[0, 2, 0, 0] == -4


def test_mean_image_is_made_once(records, tmp_path):
    path = str(tmp_path / "mean.nd")
    data = iterator(records, mean_img=path).next().data[0].asnumpy()
    mean = mx.nd.load(path)["mean_img"].asnumpy()
    assert mean.shape == (3, 8, 8) and np.all(mean[0] == 9.5)
    assert np.all(data[1, 0] == 1 - 9.5) and np.all(data[:, 1:] == 0)
    mirrored = iterator(records, mean_img=path, mirror=True).next().data[0].asnumpy()
    np.testing.assert_array_equal(mirrored, data)


def test_labels_of_a_list(records, tmp_path):
    path = tmp_path / "labels.lst"
    path.write_text("".join(f"{1000 + i}\t{2 * i}\t{3 * i}\tpath\n" for i in range(COUNT)))
    source = iterator(records, path_imglist=str(path), label_width=2)
    assert source.provide_label[0].shape == (6, 2)
    np.testing.assert_array_equal(source.next().label[0].asnumpy()[2], [4, 6])


@pytest.mark.parametrize(
    "options, message",
    [
        ({"path_imgidx": "nowhere.idx"}, "path_imgidx='nowhere.idx' cannot be opened"),
        ({"data_shape": (2, 8, 8)}, "data_shape="),
        ({"data_shape": (3, 8)}, "data_shape="),
        ({"batch_size": 0}, "batch_size=0"),
        ({"num_parts": 2, "part_index": 2}, "part_index=2"),
        ({"inter_method": 7}, "inter_method=7"),
        ({"dtype": "int32"}, "dtype=int32"),
        ({"random_h": -3}, "random_h=-3"),
        ({"brightness": 0.1, "data_shape": (1, 8, 8)}, "brightness=0.1 does not fit"),
        ({"max_crop_size": 50, "min_crop_size": 50}, "max_crop_size=50 does not fit"),
        ({"label_width": 2}, "label_width=2"),
    ],
)
def test_wrong_arguments(records, options, message):
    with pytest.raises(mx.MXNetError) as raised:
        iterator(records, **options).next()
    assert message in str(raised.value) and "\n" not in str(raised.value)


def damaged(records, tmp_path, change):
    content = bytearray(open(records + ".rec", "rb").read())
    path = str(tmp_path / "damaged")
    with open(path + ".rec", "wb") as file:
        file.write(change(content))
    return path


def test_damage_is_told_where_it_is(records, tmp_path):
    places = [int(line.split("\t")[1]) for line in open(records + ".idx")]

    def break_head(content):
        content[places[7]] ^= 1
        return content

    source = iterator(damaged(records, tmp_path, break_head))
    assert source.next().label[0].shape == (6,)
    with pytest.raises(mx.MXNetError, match=f"at byte {places[7]} is damaged"):
        source.next()
    with pytest.raises(StopIteration):
        source.next()
    source.reset()
    assert order_of_first(source) == [0, 1, 2, 3, 4, 5]

    def break_picture(content):
        content[places[7] + 32] ^= 1
        return content

    source = iterator(damaged(records, tmp_path, break_picture))
    source.next()
    with pytest.raises(mx.MXNetError, match=f"at byte {places[7]}.*is no image"):
        source.next()

    source = iterator(damaged(records, tmp_path, lambda content: content[: places[7] + 50]))
    source.next()
    with pytest.raises(mx.MXNetError, match="ends inside a record"):
        source.next()
    with pytest.raises(mx.MXNetError, match="is empty"):
        iterator(damaged(records, tmp_path, lambda content: b""))


def order_of_first(source):
    return source.next().label[0].asnumpy().astype(int).tolist()


def test_a_batch_belongs_to_who_takes_it(records):
    source = iterator(records, prefetch_buffer=1)
    first = source.next().data[0]
    kept = first.asnumpy().copy()
    for _ in source:
        pass
    source.reset()
    order(source)
    np.testing.assert_array_equal(first.asnumpy(), kept)


def test_fork_and_exit(records):
    program = textwrap.dedent(f"""
        import os
        import mxnet as mx
        source = mx.io.ImageRecordIter(path_imgrec={records + ".rec"!r}, data_shape=(3, 8, 8),
                                       batch_size=6, prefetch_buffer=1)
        first = source.next().label[0].asnumpy().tolist()
        child = os.fork()
        if child == 0:
            same = source.next().label[0].asnumpy().tolist() == first
            os._exit(0 if same else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert source.next().label[0].asnumpy().tolist() == [6, 7, 8, 9, 10, 11]
    """)
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120, env=os.environ)
