"""Iterators: descriptions, file formats, shuffling and errors."""

import gzip
import struct

import numpy as np
import pytest

import mxnet as mx


@pytest.fixture
def mnist_files(tmp_path):
    """Twenty images of 2x3 pixels whose labels are their numbers."""
    images = struct.pack(">4i", 2051, 20, 2, 3) + bytes(range(120))
    labels = struct.pack(">2i", 2049, 20) + bytes(range(20))
    (tmp_path / "images").write_bytes(images)
    (tmp_path / "labels").write_bytes(labels)
    (tmp_path / "images.gz").write_bytes(gzip.compress(images))
    (tmp_path / "labels.gz").write_bytes(gzip.compress(labels))
    return tmp_path


def mnist(folder, ending="", **options):
    return mx.io.MNISTIter(
        image=str(folder / f"images{ending}"),
        label=str(folder / f"labels{ending}"),
        silent=True,
        **options,
    )


def labels_of(iterator):
    return [int(x) for batch in iterator for x in batch.label[0].asnumpy()]


def test_data_desc():
    desc = mx.io.DataDesc("x", (1, 2), np.int32, "TN")
    assert desc == ("x", (1, 2))
    assert (desc.name, desc.shape, desc.dtype, desc.layout) == ("x", (1, 2), np.int32, "TN")
    assert repr(desc) == "DataDesc[x,(1, 2),<class 'numpy.int32'>,TN]"
    assert mx.io.DataDesc("x", (1,)).dtype == np.float32
    assert mx.io.DataDesc.get_batch_axis("TNC") == 1
    assert mx.io.DataDesc.get_batch_axis(None) == 0
    assert mx.io.DataDesc.get_list([("a", (1, 2))], [("a", "int8")])[0].dtype == "int8"


def test_data_batch_takes_lists_only():
    batch = mx.io.DataBatch([mx.nd.zeros((2, 3))], [mx.nd.zeros(2)], pad=1)
    assert str(batch) == "DataBatch: data shapes: [(2, 3)] label shapes: [(2,)]"
    with pytest.raises(ValueError, match="label is a NDArray; a list of NDArrays"):
        mx.io.DataBatch([], mx.nd.zeros(2))


@pytest.mark.parametrize(
    "options, message",
    [
        ({"data": np.arange(3), "batch_size": 0}, "batch_size=0 is too small"),
        ({"data": np.arange(3), "last_batch_handle": "keep"}, "last_batch_handle='keep'"),
        ({"data": np.arange(3), "label": np.arange(2)}, "softmax_label has 2 rows; 3 are"),
        ({"data": []}, "data is empty"),
        ({"data": None}, "data is empty"),
    ],
)
def test_ndarray_iter_refuses(options, message):
    with pytest.raises(ValueError, match=message) as caught:
        mx.io.NDArrayIter(**options)
    assert isinstance(caught.value, mx.MXNetError)


def test_ndarray_iter_refuses_other_kinds():
    with pytest.raises(TypeError, match="data is a str"):
        mx.io.NDArrayIter("numbers")


def test_ndarray_iter_pads_by_going_round():
    batch = next(mx.io.NDArrayIter(np.arange(3), batch_size=8))
    assert batch.pad == 5
    assert batch.data[0].asnumpy().tolist() == [0, 1, 2, 0, 1, 2, 0, 1]


def test_ndarray_iter_needs_next_before_data():
    iterator = mx.io.NDArrayIter(np.arange(3))
    with pytest.raises(mx.MXNetError, match="no current batch"):
        iterator.getdata()
    assert iterator.iter_next()
    assert iterator.getdata()[0].asnumpy().tolist() == [0]


def test_roll_over_forgets_rows_after_hard_reset():
    iterator = mx.io.NDArrayIter(np.arange(7), batch_size=3, last_batch_handle="roll_over")
    assert len(list(iterator)) == 2
    iterator.hard_reset()
    assert next(iterator).data[0].asnumpy().tolist() == [0, 1, 2]


def test_prefetching_passes_errors_on():
    class Broken(mx.io.DataIter):
        provide_data = [mx.io.DataDesc("data", (1,))]
        provide_label = []

        def next(self):
            raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        next(mx.io.PrefetchingIter(Broken()))


def test_prefetching_refuses_iterators_of_different_length():
    short, long = (mx.io.NDArrayIter(np.arange(n)) for n in (1, 2))
    iterator = mx.io.PrefetchingIter([short, long])
    next(iterator)
    with pytest.raises(ValueError, match="end at different batches"):
        next(iterator)


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_mnist_batches(mnist_files, ending):
    iterator = mnist(mnist_files, ending, batch_size=8, shuffle=False)
    assert iterator.provide_data == [("data", (8, 1, 2, 3))]
    assert iterator.provide_label == [("softmax_label", (8,))]
    first = next(iterator)
    assert first.data[0].asnumpy()[1].ravel().tolist() == [x / 256 for x in range(6, 12)]
    assert first.data[0].dtype == first.label[0].dtype == np.float32
    iterator.reset()
    assert labels_of(iterator) == list(range(16))


def test_mnist_options(mnist_files):
    flat = mnist(mnist_files, batch_size=5, flat=True, data_name="x", label_name="y")
    assert flat.provide_data == [("x", (5, 6))]
    assert flat.provide_label == [("y", (5,))]
    part = mnist(mnist_files, batch_size=5, shuffle=False, num_parts=3, part_index=1)
    assert labels_of(part) == [6, 7, 8, 9, 10]


@pytest.mark.parametrize(
    "seed, order",
    [
        (0, [16, 2, 3, 5, 14, 18, 13, 19, 4, 7, 6, 8, 9, 10, 15, 12, 0, 17, 1, 11]),
        (1, [6, 11, 13, 2, 4, 15, 5, 17, 8, 0, 19, 16, 1, 10, 12, 14, 9, 18, 3, 7]),
        (10, [12, 19, 13, 17, 16, 18, 10, 8, 2, 0, 14, 4, 15, 11, 5, 3, 9, 6, 7, 1]),
    ],
)
def test_mnist_order_is_that_of_1_9_1(mnist_files, seed, order):
    iterator = mnist(mnist_files, batch_size=10, seed=seed)
    assert labels_of(iterator) == order
    iterator.reset()
    assert labels_of(iterator) == order


def test_mnist_errors_name_the_file(mnist_files):
    with pytest.raises(mx.MXNetError, match="missing.*does not exist"):
        mx.io.MNISTIter(image="missing", label=str(mnist_files / "labels"))
    swapped = {"image": str(mnist_files / "labels"), "label": str(mnist_files / "images")}
    with pytest.raises(mx.MXNetError, match="labels' is no idx file of 3 dimensions"):
        mx.io.MNISTIter(**swapped)
    cut = (mnist_files / "images").read_bytes()[:50]
    (mnist_files / "images").write_bytes(cut)
    with pytest.raises(mx.MXNetError, match="holds 34 values; 120 are expected"):
        mnist(mnist_files)
    (mnist_files / "images.gz").write_bytes(gzip.compress(cut)[:20])
    with pytest.raises(mx.MXNetError, match="images.gz' is damaged"):
        mnist(mnist_files, ".gz")


def test_mnist_refuses_a_batch_larger_than_the_data(mnist_files):
    with pytest.raises(mx.MXNetError, match="batch_size=21 is out of range; 1 to 20"):
        mnist(mnist_files, batch_size=21)


@pytest.fixture
def csv_files(tmp_path):
    data = tmp_path / "data.csv"
    data.write_text("".join(f"{3 * i},{3 * i + 1},{3 * i + 2},0\n" for i in range(5)))
    label = tmp_path / "label.csv"
    label.write_text("".join(f"{i}\n" for i in range(5)))
    return {"data_csv": str(data), "label_csv": str(label)}


def test_csv_rounds_batches(csv_files):
    iterator = mx.io.CSVIter(**csv_files, data_shape=(2, 2), batch_size=2)
    assert iterator.provide_data == [("data", (2, 2, 2))]
    batches = list(iterator)
    assert [batch.pad for batch in batches] == [0, 0, 1]
    assert [batch.index.tolist() for batch in batches] == [[0, 1], [2, 3], [4, 0]]
    assert batches[1].data[0].asnumpy().tolist() == [[[6, 7], [8, 0]], [[9, 10], [11, 0]]]
    iterator.reset()
    assert labels_of(iterator) == [1, 2, 3, 4]


def test_csv_without_rounding_repeats_the_row_before(csv_files):
    iterator = mx.io.CSVIter(**csv_files, data_shape=(4,), batch_size=2, round_batch=False)
    assert labels_of(iterator) == [0, 1, 2, 3, 4, 3]
    iterator.reset()
    assert labels_of(iterator) == [0, 1, 2, 3, 4, 3]


def test_csv_errors_name_the_argument(csv_files):
    with pytest.raises(mx.MXNetError, match="data_csv=.*has 4 values in a row; 5 are expected"):
        mx.io.CSVIter(**csv_files, data_shape=(5,), batch_size=1)
    with pytest.raises(mx.MXNetError, match="data_csv='missing' does not exist"):
        mx.io.CSVIter(data_csv="missing", data_shape=(5,), batch_size=1)


@pytest.mark.parametrize("kind", [mx.io.CSVIter, mx.io.LibSVMIter])
def test_readers_of_text_name_what_is_missing(kind):
    with pytest.raises(mx.MXNetError, match=f"{kind.__name__}: data_.* is missing"):
        kind()
    with pytest.raises(mx.MXNetError, match="batch_size is missing"):
        kind("a file", data_shape=(2,))
