"""Iterators over MNIST's idx files and over CSV files."""

import io
import math
import os
import warnings

import numpy as np

from .. import _files, error
from .. import ndarray as nd
from ..log import logger
from .base import MXDataIter
from .utils import as_shape, check_given, checked_batch_size, part_rows

__all__ = ["MNISTIter", "CSVIter"]

# Options of MXNet's native readers that have no effect here.
_IGNORED_OPTIONS = {"prefetch_buffer", "ctx", "input_shape", "preprocess_threads"}


def _warn_unknown(owner, options):
    unknown = sorted(set(options) - _IGNORED_OPTIONS)
    if unknown:
        warnings.warn(f"{owner}: ignoring unknown arguments {', '.join(unknown)}", stacklevel=3)


def read_idx(path, magic, dims, owner):
    """Contents of an idx file of bytes, plain or gzip compressed, as a uint8 array."""
    if not (_files.is_remote(path) or os.path.isfile(_files.local_path(path))):
        raise error.MXNetError(f"{owner}: file={path!r} does not exist; an idx file is expected")
    content = _files.read_bytes(path, owner)
    if content[:2] == b"\x1f\x8b":
        import gzip

        try:
            content = gzip.decompress(content)
        except (EOFError, OSError) as cause:
            raise error.MXNetError(
                f"{owner}: file={path!r} is damaged ({cause}); a complete gzip file is expected"
            ) from cause
    header = np.frombuffer(content[: 4 * (dims + 1)], dtype=">u4").astype(np.int64)
    if len(header) < dims + 1 or header[0] != magic:
        raise error.MXNetError(
            f"{owner}: file={path!r} is no idx file of {dims} dimensions; one that "
            f"starts with the number {magic} is expected"
        )
    shape = tuple(int(size) for size in header[1:])
    found = len(content) - 4 * (dims + 1)
    if found < math.prod(shape):
        raise error.MXNetError(
            f"{owner}: file={path!r} holds {found} values; {math.prod(shape)} are "
            f"expected for the shape {shape} in its header"
        )
    return np.frombuffer(
        content, dtype=np.uint8, count=math.prod(shape), offset=4 * (dims + 1)
    ).reshape(shape)


def _raw_draws(generator, count):
    return generator.randint(0, 2**32, size=count, dtype=np.uint32).astype(np.int64)


def _shuffled_order(count, seed):
    """The order in which MXNet's MNISTIter goes through `count` rows for a seed.

    It swaps each position with a uniformly drawn one at or before it. Draws come from MT19937 by
    division, and a draw that would favour small numbers is dropped.
    """
    generator = np.random.RandomState(seed % 2**32)
    bounds = np.arange(2, count + 1)
    scale = (2**32 - 1) // bounds
    draws = _raw_draws(generator, len(bounds))
    while True:
        dropped = np.flatnonzero(draws >= bounds * scale)
        if not len(dropped):
            break
        draws = np.concatenate([np.delete(draws, dropped[0]), _raw_draws(generator, 1)])
    order = list(range(count))
    for position, other in enumerate((draws // scale).tolist(), start=1):
        order[position], order[other] = order[other], order[position]
    return np.array(order, dtype=np.int64)


class _MNISTReader:
    """Batches of the MNIST files; the rows that fill no batch are left out."""

    dtype = np.float32
    label_shape = ()

    def __init__(self, images, labels, batch_size, flat):
        self.images = images.reshape(len(images), -1) if flat else images[:, np.newaxis]
        self.labels = labels
        self.batch_size = batch_size
        self.data_shape = self.images.shape[1:]
        self._position = 0

    def reset(self):
        self._position = 0

    def read(self):
        begin, end = self._position, self._position + self.batch_size
        if end > len(self.images):
            return None
        self._position = end
        data = self.images[begin:end] * np.float32(1 / 256)
        return (
            nd.array(data),
            nd.array(self.labels[begin:end]),
            0,
            np.zeros(self.batch_size, dtype=np.uint64),
        )


class MNISTIter(MXDataIter):
    """Iterate over the MNIST files; values are scaled to the range 0 to 255/256.

    Args:
        image (str): idx file of the images, plain or ``.gz``.
        label (str): idx file of the labels, plain or ``.gz``.
        batch_size (int): Rows in a batch; rows that fill no batch are left out.
        shuffle (bool): Go through the rows in an order given by `seed`, the same every epoch.
        flat (bool): Give rows of shape (784,) in place of (1, 28, 28).
        seed (int): Selects the order.
        silent (bool): Do not log what was loaded.
        num_parts (int): In how many parts the data is divided, one for each rank of a job.
        part_index (int): Which part this iterator reads.
        part_handle (str): ``discard``: all parts have the same number of rows, and some rows may be
            in none; ``pad``: the same, with some in two; ``keep``: each row is in one part.
        data_name (str): Name of the input.
        label_name (str): Name of the label.

    Raises:
        MXNetError: A file is missing or damaged, or an argument has a wrong value.
    """

    def __init__(
        self,
        image="./train-images-idx3-ubyte",
        label="./train-labels-idx1-ubyte",
        batch_size=128,
        shuffle=True,
        flat=False,
        seed=0,
        silent=False,
        num_parts=1,
        part_index=0,
        data_name="data",
        label_name="softmax_label",
        dtype=None,
        part_handle="discard",
        **ignored,
    ):
        _warn_unknown("MNISTIter", ignored)
        if dtype not in (None, "float32", np.float32):
            raise error.MXNetError(
                f"MNISTIter: dtype={dtype!r} is not supported; float32 is expected"
            )
        images = read_idx(str(image), 2051, 3, "MNISTIter")
        labels = read_idx(str(label), 2049, 1, "MNISTIter")
        if len(images) != len(labels):
            raise error.MXNetError(
                f"MNISTIter: {image!r} holds {len(images)} images and {label!r} "
                f"{len(labels)} labels; as many labels as images are expected"
            )
        rows = self._rows(len(images), num_parts, part_index, part_handle)
        images, labels = images[rows], labels[rows]
        if shuffle:
            order = _shuffled_order(len(images), int(seed))
            images, labels = images[order], labels[order]
        batch_size = checked_batch_size(batch_size, "MNISTIter")
        if batch_size > len(images):
            raise error.MXNetError(
                f"MNISTIter: batch_size={batch_size} is out of range; 1 to "
                f"{len(images)} (the number of images) is expected"
            )
        super().__init__(_MNISTReader(images, labels, batch_size, flat), data_name, label_name)
        if not silent:
            logger.info(
                "MNISTIter: load %d images, shuffle=%d, shape=%s",
                len(images),
                int(bool(shuffle)),
                self.provide_data[0].shape,
            )

    @staticmethod
    def _rows(count, num_parts, part_index, handle):
        rows = part_rows(count, num_parts, part_index, "MNISTIter", handle)
        if handle != "discard":
            return rows
        # They begin where those of 1.9.1 begin, and are as many in each part.
        begin = int(count / num_parts * part_index)
        return slice(begin, begin + rows.stop - rows.start)


class _CSVReader:
    """Batches of rows that were read from CSV files."""

    def __init__(self, data, label, batch_size, round_batch):
        self.data, self.label = data, label
        self.batch_size = batch_size
        self.dtype = data.dtype
        self.data_shape = data.shape[1:]
        self.label_shape = label.shape[1:]
        self._round = round_batch
        self._position = 0
        self._last_index = None

    def reset(self):
        # Rows that filled the last batch up are not given again.
        wrapped = self._position - len(self.data) if self._round else 0
        self._position = max(wrapped, 0)

    def read(self):
        begin, count = self._position, len(self.data)
        if begin >= count:
            return None
        index = np.arange(begin, begin + self.batch_size)
        pad = max(begin + self.batch_size - count, 0)
        if pad and self._round:
            index %= count
        elif pad:
            # What the last batch leaves free keeps the rows of the batch before.
            previous = self._last_index if self._last_index is not None else index % count
            index = np.where(index < count, index, previous)
        self._position = begin + self.batch_size
        self._last_index = index
        return (
            nd.array(self.data[index], dtype=self.dtype),
            nd.array(self.label[index], dtype=self.dtype),
            pad,
            index.astype(np.uint64),
        )


def _read_csv(path, shape, dtype, argument):
    if _files.is_remote(path):
        source = io.BytesIO(_files.read_bytes(path, "CSVIter"))
    else:
        source = _files.local_path(path)
        if not os.path.isfile(source):
            raise error.MXNetError(
                f"CSVIter: {argument}={path!r} does not exist; a CSV file is expected"
            )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of an empty file, which is refused below
            rows = np.loadtxt(source, delimiter=",", dtype=dtype, ndmin=2)
    except ValueError as cause:
        raise error.MXNetError(
            f"CSVIter: {argument}={path!r} is no table of numbers ({cause}); lines "
            "of as many numbers each, with commas between, are expected"
        ) from cause
    if not rows.size:
        raise error.MXNetError(f"CSVIter: {argument}={path!r} has no row; at least one is expected")
    if rows.shape[1] != math.prod(shape):
        raise error.MXNetError(
            f"CSVIter: {argument}={path!r} has {rows.shape[1]} values in a row; "
            f"{math.prod(shape)} are expected for the shape {tuple(shape)}"
        )
    return rows.reshape((len(rows),) + tuple(shape))


class CSVIter(MXDataIter):
    """Iterate over the rows of CSV files.

    Args:
        data_csv (str): File of the inputs, one row each, or the URI of an object.
        data_shape (tuple of int): Shape of one input.
        label_csv (str): File of the labels; without it they are 0.
        label_shape (tuple of int): Shape of one label.
        batch_size (int): Rows in a batch.
        round_batch (bool): Fill the last batch up with the first rows, which the next epoch then
            skips.
        dtype (str): float32, int32 or int64.
        num_parts (int): In how many parts the rows are divided, one for each rank of a job.
        part_index (int): Which part this iterator reads.
        part_handle (str): ``pad``: all parts have the same number of rows, of which some are in
            two; ``discard``: the same, with some in none; ``keep``: each row is in one part.

    Raises:
        MXNetError: A file is missing or does not have the rows that were announced.
    """

    def __init__(
        self,
        data_csv=None,
        data_shape=None,
        batch_size=None,
        label_csv=None,
        label_shape=(1,),
        round_batch=True,
        dtype=None,
        data_name="data",
        label_name="softmax_label",
        num_parts=1,
        part_index=0,
        part_handle="pad",
        **ignored,
    ):
        _warn_unknown("CSVIter", ignored)
        check_given("CSVIter", data_csv=data_csv, data_shape=data_shape, batch_size=batch_size)
        batch_size = checked_batch_size(batch_size, "CSVIter")
        dtype = np.dtype(dtype or "float32")
        data_shape, label_shape = as_shape(data_shape), as_shape(label_shape)
        data = _read_csv(str(data_csv), data_shape, dtype, "data_csv")
        if label_csv in (None, "NULL"):
            label = np.zeros((len(data),) + label_shape, dtype)
        else:
            label = _read_csv(str(label_csv), label_shape, dtype, "label_csv")
        if len(label) < len(data):
            raise error.MXNetError(
                f"CSVIter: label_csv={label_csv!r} has {len(label)} rows; "
                f"{len(data)} are expected, as data_csv has"
            )
        if label_shape == (1,):
            label = label.reshape(-1)
        rows = part_rows(len(data), num_parts, part_index, "CSVIter", part_handle)
        data, label = data[rows], label[rows]
        super().__init__(
            _CSVReader(data, label, batch_size, bool(round_batch)), data_name, label_name
        )
