"""Parts of data for the ranks of a job: together they are everything, and equally long."""

import gzip
import struct

import numpy as np
import pytest

import mxnet as mx
from mxnet.gluon.data import DataLoader, SplitSampler

ROWS, PARTS = 11, 3


def rows_of(batches):
    """The rows of each part, without those that fill a batch up."""
    return [
        [
            int(value)
            for batch in part
            for value in batch.data[0]
            .asnumpy()
            .reshape(-1)[: len(batch.data[0]) - (batch.pad or 0)]
        ]
        for part in batches
    ]


def check_parts(parts, whole):
    lengths = {len(part) for part in parts}
    assert len(lengths) == 1, "all ranks make as many steps"
    everything = {row for part in parts for row in part}
    expected = set(range(ROWS))
    assert everything == expected if whole else everything < expected
    assert lengths == {-(-ROWS // PARTS) if whole else ROWS // PARTS}


@pytest.mark.parametrize("handle", ["pad", "roll_over", "discard"])
@pytest.mark.parametrize("shuffle", [False, True])
def test_ndarray_iter(handle, shuffle):
    data = np.arange(ROWS, dtype="float32")
    parts = rows_of(
        mx.io.NDArrayIter(data, data, 1, shuffle, handle, num_parts=PARTS, part_index=part)
        for part in range(PARTS)
    )
    check_parts(parts, whole=handle != "discard")


def test_csv_iter(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("".join(f"{row}\n" for row in range(ROWS)))
    parts = rows_of(
        mx.io.CSVIter(path, (1,), 2, num_parts=PARTS, part_index=part) for part in range(PARTS)
    )
    check_parts(parts, whole=True)


def test_mnist_iter(tmp_path):
    idx_files(tmp_path, ROWS)
    parts = []
    for part in range(PARTS):
        batches = mx.io.MNISTIter(
            tmp_path / "images", tmp_path / "labels", 1, num_parts=PARTS, part_index=part
        )
        parts.append([int(batch.label[0].asscalar()) for batch in batches])
    check_parts(parts, whole=False)


HANDLES = ["pad", "discard", "keep"]


def idx_files(folder, rows):
    """The two files that MNISTIter reads."""
    images = struct.pack(">4i", 2051, rows, 28, 28)
    images += np.repeat(np.arange(rows, dtype="uint8"), 784).tobytes()
    (folder / "images").write_bytes(gzip.compress(images))
    (folder / "labels").write_bytes(
        struct.pack(">2i", 2049, rows) + np.arange(rows, dtype="uint8").tobytes()
    )


def make_csv(folder, rows):
    path = folder / "rows.csv"
    path.write_text("".join(f"{row}\n" for row in range(rows)))
    return lambda **part: mx.io.CSVIter(path, (1,), 2, round_batch=False, label_csv=path, **part)


def make_mnist(folder, rows):
    idx_files(folder, rows)
    paths = folder / "images", folder / "labels"
    return lambda **part: mx.io.MNISTIter(*paths, 1, silent=True, **part)


def make_libsvm(folder, rows):
    path = folder / "rows.libsvm"
    # Rows of very different lengths: shares of the bytes hold different numbers of them.
    path.write_text(
        "".join(
            f"{row} " + " ".join(f"{c}:1" for c in range(30 if row < 4 else 1)) + "\n"
            for row in range(rows)
        )
    )
    return lambda **part: mx.io.LibSVMIter(path, (30,), 2, **part)


def make_records(folder, rows, indexed):
    prefix = str(folder / "pictures")
    writer = mx.recordio.MXIndexedRecordIO(f"{prefix}.idx", f"{prefix}.rec", "w")
    for row in range(rows):
        side = 40 if row < 4 else 4
        noise = np.random.RandomState(row).randint(0, 255, (side, side, 3)).astype("uint8")
        header = mx.recordio.IRHeader(0, float(row), row, 0)
        writer.write_idx(row, mx.recordio.pack_img(header, noise, img_fmt=".png"))
    writer.close()
    options = {"path_imgrec": f"{prefix}.rec", "data_shape": (3, 4, 4), "batch_size": 2}
    if indexed:
        options["path_imgidx"] = f"{prefix}.idx"
    return options


def make_image_record(folder, rows):
    options = make_records(folder, rows, False)
    return lambda **part: mx.io.ImageRecordIter(round_batch=False, **options, **part)


def make_indexed_image_record(folder, rows):
    options = make_records(folder, rows, True)
    return lambda **part: mx.io.ImageRecordIter(round_batch=False, **options, **part)


def make_image_iter(folder, rows):
    options = make_records(folder, rows, True)
    return lambda **part: mx.image.ImageIter(**options, **part)


MAKERS = [
    make_csv,
    make_mnist,
    make_libsvm,
    make_image_record,
    make_indexed_image_record,
    make_image_iter,
]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("rows", [11, 18])
def test_every_rank_makes_as_many_steps(make, rows, count, tmp_path):
    iterator = make(tmp_path, rows)
    for handle in HANDLES:
        parts = [
            iterator(num_parts=count, part_index=part, part_handle=handle) for part in range(count)
        ]
        epochs = []
        for _ in range(2):
            epochs.append([[batch.label[0] for batch in part] for part in parts])
            for part in parts:
                part.reset()
        steps = [{len(batches) for batches in epoch} for epoch in epochs]
        labels = {
            int(value)
            for batches in epochs[0]
            for batch in batches
            for value in batch.asnumpy().reshape(-1)
        }
        if handle != "keep":
            assert all(len(each) == 1 and min(each) > 0 for each in steps), (handle, steps)
        if handle != "discard":
            assert labels >= set(range(rows)), handle


def test_unknown_part_handles(tmp_path):
    for make in MAKERS:
        with pytest.raises((mx.MXNetError, AssertionError), match="part_handle='?half"):
            make(tmp_path, 8)(num_parts=2, part_index=0, part_handle="half")


@pytest.mark.parametrize("last", ["pad", "discard"])
@pytest.mark.parametrize("shuffle", [False, True])
def test_split_sampler(last, shuffle):
    samplers = [SplitSampler(ROWS, PARTS, part, shuffle, last) for part in range(PARTS)]
    parts = [list(sampler) for sampler in samplers]
    check_parts(parts, whole=last == "pad")
    assert all(len(sampler) == len(part) for sampler, part in zip(samplers, parts))
    loader = DataLoader(mx.nd.arange(ROWS), batch_size=2, sampler=samplers[1])
    assert sum(len(batch) for batch in loader) == len(parts[1])


def test_parts_that_do_not_exist():
    with pytest.raises(ValueError, match="SplitSampler: part_index=3 is out of range; 0 to"):
        SplitSampler(ROWS, 3, 3)
    with pytest.raises(ValueError, match="NDArrayIter: part_index=-1"):
        mx.io.NDArrayIter(np.zeros(3), num_parts=2, part_index=-1)
    with pytest.raises(ValueError, match="SplitSampler: last='keep' is not known"):
        SplitSampler(ROWS, last="keep")
