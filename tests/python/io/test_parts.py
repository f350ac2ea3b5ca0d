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
    images = struct.pack(">4i", 2051, ROWS, 28, 28)
    images += np.repeat(np.arange(ROWS, dtype="uint8"), 784).tobytes()
    (tmp_path / "images").write_bytes(gzip.compress(images))
    (tmp_path / "labels").write_bytes(
        struct.pack(">2i", 2049, ROWS) + np.arange(ROWS, dtype="uint8").tobytes()
    )
    parts = []
    for part in range(PARTS):
        batches = mx.io.MNISTIter(
            tmp_path / "images", tmp_path / "labels", 1, num_parts=PARTS, part_index=part
        )
        parts.append([int(batch.label[0].asscalar()) for batch in batches])
    check_parts(parts, whole=False)


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
