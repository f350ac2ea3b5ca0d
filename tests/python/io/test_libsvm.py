"""LibSVMIter: batches, epochs, parts and errors; the numbers are those of MXNet 1.9.1."""

import numpy as np
import pytest

import mxnet as mx

DATA = "1.0 0:0.5 2:1.2\n-2.0\n-3.0 0:0.6 1:2.4 2:1.2\n4 2:-1.2\n5 1:7\n"
LABEL = "1.0\n-2.0 0:0.125\n-3.0 2:1.2\n4 1:1.0 2:-1.2\n5 0:3\n"
ROWS = np.array([[0.5, 0, 1.2], [0, 0, 0], [0.6, 2.4, 1.2], [0, 0, -1.2], [0, 7, 0]], np.float32)
LABELS = np.array([[0, 0, 0], [0.125, 0, 0], [0, 0, 1.2], [0, 1, -1.2], [3, 0, 0]], np.float32)


def iterator(tmp_path, text=DATA, **options):
    path = tmp_path / "data.t"
    path.write_text(text)
    return mx.io.LibSVMIter(str(path), data_shape=(3,), **{"batch_size": 3, **options})


def test_epochs_go_round(tmp_path):
    source = iterator(tmp_path)
    assert source.provide_data[0].shape == (3, 3) and source.provide_label[0].shape == (3,)
    for order, pads in (
        ([0, 1, 2, 3, 4, 0], [0, 1]),
        ([1, 2, 3, 4, 0, 1], [0, 2]),
        ([2, 3, 4], [0]),
    ):
        batches = list(source)
        assert [batch.pad for batch in batches] == pads
        for batch, rows in zip(batches, np.reshape(order, (-1, 3))):
            assert batch.data[0].stype == "csr" and batch.label[0].stype == "default"
            np.testing.assert_array_equal(batch.data[0].asnumpy(), ROWS[rows])
            labels = np.array([1, -2, -3, 4, 5], np.float32)[rows]
            np.testing.assert_array_equal(batch.label[0].asnumpy(), labels)
            np.testing.assert_array_equal(batch.index, rows)
        source.reset()


def test_labels_of_a_second_file(tmp_path):
    (tmp_path / "label.t").write_text(LABEL)
    source = iterator(tmp_path, label_libsvm=str(tmp_path / "label.t"), label_shape=(3,))
    assert source.provide_label[0].shape == (3, 3)
    label = source.next().label[0]
    assert label.stype == "csr"
    np.testing.assert_array_equal(label.asnumpy(), LABELS[:3])


def test_parts(tmp_path):
    parts = [
        [float(batch.label[0].asnumpy()[0]) for batch in source]
        for source in (
            iterator(tmp_path, batch_size=1, num_parts=2, part_index=part) for part in range(2)
        )
    ]
    assert parts == [[1, -2, -3], [4, 5, 4]]  # as long as the longest


def test_a_batch_may_be_larger_than_the_file(tmp_path):
    batch = iterator(tmp_path, batch_size=7).next()
    assert batch.pad == 2
    np.testing.assert_array_equal(batch.data[0].asnumpy(), ROWS[[0, 1, 2, 3, 4, 0, 1]])


@pytest.mark.parametrize(
    "text, options, message",
    [
        ("1 3:2\n", {}, "columns from 0 to 2"),
        ("1 -1:2\n", {}, "columns from 0 to 2"),
        ("1 1:2 0:1\n", {}, "ascending order"),
        ("1 1:2:3\n", {}, "pairs column:value"),
        ("x 1:2\n", {}, "pairs column:value"),
        ("", {}, "has no row"),
        (DATA, {"round_batch": False}, "round_batch=False"),
        (DATA, {"num_parts": 2, "part_index": 2}, "part_index=2"),
        (DATA, {"label_libsvm": "nowhere"}, "label_libsvm='nowhere'"),
        (DATA, {"dtype": "float64"}, "dtype='float64'"),
    ],
)
def test_wrong_files_and_arguments(tmp_path, text, options, message):
    with pytest.raises(mx.MXNetError) as raised:
        iterator(tmp_path, text, **options)
    assert message in str(raised.value) and "\n" not in str(raised.value)
