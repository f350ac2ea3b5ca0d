"""Labels of MNIST and CIFAR were NumPy's for programs of mx.np, and met no prediction."""

import gzip
import struct

import numpy as onp
import pytest

import mxnet as mx
from mxnet import gluon, np
from mxnet.gluon.data import vision

LABELS = [3, 0, 9, 4, 1, 1]


def write_mnist(folder):
    count = len(LABELS)
    pictures = struct.pack(">IIII", 2051, count, 28, 28) + bytes(count * 28 * 28)
    labels = struct.pack(">II", 2049, count) + bytes(LABELS)
    for name, content in (("images-idx3", pictures), ("labels-idx1", labels)):
        with gzip.open(folder / f"train-{name}-ubyte.gz", "wb") as stream:
            stream.write(content)
    return vision.MNIST(str(folder))


def write_cifar(folder):
    rows = onp.zeros((len(LABELS), 1 + 3 * 32 * 32), "uint8")
    rows[:, 0] = LABELS
    for number in range(1, 6):
        rows.tofile(folder / f"data_batch_{number}.bin")
    return vision.CIFAR10(str(folder))


@mx.use_np
@pytest.mark.parametrize("make", [write_mnist, write_cifar])
@pytest.mark.parametrize("workers", [0, 2])
def test_labels_are_arrays_of_the_interface(make, workers, tmp_path):
    data = make(tmp_path)
    picture, label = data[2]
    assert type(picture) is type(label) is np.ndarray
    assert label.shape == () and label.dtype == "int32" and label == 9
    count = len(LABELS)
    _, labels = data[:count]
    predictions = np.array([3.0, 0, 0, 4, 1, 0])
    assert (predictions.astype(labels.dtype) == labels).sum() == 4
    (_, batch), *_ = gluon.data.DataLoader(data, count, num_workers=workers)
    assert type(batch) is np.ndarray and batch.dtype == "int32" and batch.tolist() == LABELS


def test_labels_of_programs_of_mx_nd_stay_numbers(tmp_path):
    _, label = write_mnist(tmp_path)[2]
    assert isinstance(label, onp.int32) and label == 9
