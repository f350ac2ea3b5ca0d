"""Batches of pictures from a list of files."""

import os
import random

import numpy as np

from .. import error as errors
from .. import io
from .. import ndarray as nd
from ..io.utils import checked_batch_size
from .create_augmenter import CreateAugmenter
from .functions import imdecode, read_file

__all__ = ["ImageIter"]

_LAST_BATCHES = ("pad", "discard", "roll_over")


def _read_list(path):
    """Entries {key: (labels, file)} of a list file: key, labels and file name between tabs."""
    entries = {}
    with open(path) as file:
        for line in file:
            cells = line.strip().split("\t")
            if len(cells) < 3:
                raise errors.ValueError(
                    f"ImageIter: path_imglist={path!r} has the line {line.strip()!r}; key, label"
                    " and file name with tabs between them are expected"
                )
            entries[int(cells[0])] = (np.array(cells[1:-1], dtype=np.float32), cells[-1])
    return entries


def _number(imglist):
    """Entries {key: (labels, file)} of a list of [label, ..., file]; keys count from 1."""
    entries = {}
    for key, (*labels, name) in enumerate(imglist, start=1):
        flat = np.hstack([np.asarray(label, dtype=np.float32).ravel() for label in labels])
        entries[str(key)] = (flat, name)
    return entries


def _check_choices(last_batch_handle, part_index, num_parts):
    if last_batch_handle not in _LAST_BATCHES:
        raise errors.ValueError(
            f"ImageIter: last_batch_handle={last_batch_handle!r} is unknown; one of"
            f" {_LAST_BATCHES} is expected"
        )
    if not 0 <= part_index < num_parts:
        raise AssertionError(
            f"ImageIter: part_index={part_index} is out of range; 0 to {num_parts - 1} is expected"
        )


class ImageIter(io.DataIter):
    """Reads, augments and batches pictures that a list names.

    Args:
        batch_size (int): Pictures in a batch.
        data_shape (tuple of int): Shape (channels, height, width) of one picture in a batch.
        label_width (int): Labels of a picture.
        path_imgrec (str): A record file; not supported by this iterator.
        path_imglist (str): A list file: key, labels and file name with tabs between them.
        path_root (str): Folder of the files.
        path_imgidx (str): Index of `path_imgrec`.
        shuffle (bool): Read in a new random order after each `reset`.
        part_index, num_parts (int): Read only one of several equal parts of the list.
        aug_list (list of Augmenter): What to do with each picture; by default
            `CreateAugmenter(data_shape, **kwargs)`.
        imglist (list): Entries [label, ..., file name], instead of `path_imglist`.
        data_name, label_name (str): Names of the input and the label.
        dtype (str): Type of the labels.
        last_batch_handle (str): A last batch that is not full is filled with the first pictures
            ("pad"), left out ("discard") or kept for the next epoch ("roll_over").
        **kwargs: Arguments of `CreateAugmenter`.

    Raises:
        AssertionError: Neither a list nor a list file is given.
        ValueError: `data_shape` is no shape of a color picture, or `last_batch_handle` is unknown.

    Example:
        >>> batches = mx.image.ImageIter(2, (3, 224, 224), path_root="pictures", resize=256,
        ...                              imglist=[[0, "cat.jpg"], [1, "dog.jpg"]])
        >>> next(batches).data[0].shape
        (2, 3, 224, 224)
    """

    def __init__(
        self,
        batch_size,
        data_shape,
        label_width=1,
        path_imgrec=None,
        path_imglist=None,
        path_root=None,
        path_imgidx=None,
        shuffle=False,
        part_index=0,
        num_parts=1,
        aug_list=None,
        imglist=None,
        data_name="data",
        label_name="softmax_label",
        dtype="float32",
        last_batch_handle="pad",
        **kwargs,
    ):
        batch_size = checked_batch_size(batch_size, type(self).__name__)
        super().__init__(batch_size)
        if path_imgrec or path_imgidx:
            raise errors.NotImplementedError(
                f"ImageIter: path_imgrec={path_imgrec!r} is a record file; path_imglist or imglist"
                " is expected"
            )
        if not path_imglist and not isinstance(imglist, list):
            raise AssertionError("ImageIter: imglist=None; imglist or path_imglist is expected")
        _check_choices(last_batch_handle, part_index, num_parts)
        self.check_data_shape(data_shape)
        self.imglist = _read_list(path_imglist) if path_imglist else _number(imglist)
        self.path_root = path_root
        self.data_shape = tuple(data_shape)
        self.label_width = label_width
        self.shuffle = shuffle
        self.last_batch_handle = last_batch_handle
        self.auglist = CreateAugmenter(data_shape, **kwargs) if aug_list is None else aug_list
        self.provide_data = [io.DataDesc(data_name, (batch_size, *self.data_shape))]
        labels = (batch_size,) if label_width == 1 else (batch_size, label_width)
        self.provide_label = [io.DataDesc(label_name, labels, dtype)]
        keys = list(self.imglist)
        share = len(keys) // num_parts
        self.seq = keys[part_index * share : (part_index + 1) * share] if num_parts > 1 else keys
        self.num_image = len(self.seq)
        self.cur = 0
        self._kept = []
        self.reset()

    def reset(self):
        """Starts over; pictures kept by "roll_over" come first."""
        if self.shuffle:
            random.shuffle(self.seq)
        self.cur = 0

    def hard_reset(self):
        """Starts over and forgets the pictures kept by "roll_over"."""
        self._kept = []
        self.reset()

    def next_sample(self):
        """Label and file content of the next picture, as (NDArray, bytes)."""
        label, name = self._next_entry()
        return nd.array(label), self.read_image(name)

    def _next_entry(self):
        if self.cur >= self.num_image:
            raise StopIteration
        label, name = self.imglist[self.seq[self.cur]]
        self.cur += 1
        return label, name

    def read_image(self, fname):
        """Content of a file of the list."""
        path = os.path.join(self.path_root, fname) if self.path_root else fname
        return read_file(path, type(self).__name__)

    def imdecode(self, s):
        """The picture in the bytes `s`."""
        return imdecode(s)

    def augmentation_transform(self, data):
        """`data` after all augmenters."""
        for aug in self.auglist:
            data = aug(data)
        return data

    def postprocess_data(self, datum):
        """`datum` (height, width, channels) as (channels, height, width)."""
        return datum.transpose((2, 0, 1))

    def check_data_shape(self, data_shape):
        """Refuses shapes that no color picture has."""
        if len(data_shape) != 3:
            raise errors.ValueError(
                f"ImageIter: data_shape={data_shape} has {len(data_shape)} dimensions;"
                " (channels, height, width) is expected"
            )
        if data_shape[0] != 3:
            raise errors.ValueError(
                f"ImageIter: data_shape={data_shape} has {data_shape[0]} channels; 3 is expected"
            )

    def check_valid_image(self, data):
        """Refuses a picture without pixels; `data` is a list of one NDArray."""
        if len(data[0].shape) == 0:
            raise RuntimeError("ImageIter: the picture has no pixels; an image file is expected")

    def _read_sample(self):
        label, name = self._next_entry()
        content = self.read_image(name)
        try:
            picture = self.imdecode(content)
            self.check_valid_image([picture])
        except RuntimeError as cause:
            raise errors.MXNetError(f"{type(self).__name__}: file={name!r}: {cause}") from cause
        picture = self.postprocess_data(self.augmentation_transform(picture)).asnumpy()
        if picture.shape != self.data_shape:
            raise errors.ValueError(
                f"ImageIter: an augmented picture has shape {picture.shape}; data_shape="
                f"{self.data_shape} is expected, see the last augmenters"
            )
        return picture, label

    def _fill(self, samples):
        """Adds samples until the batch is full or the list ends."""
        while len(samples) < self.batch_size:
            try:
                samples.append(self._read_sample())
            except StopIteration:
                return samples
        return samples

    def next(self):
        """The next batch.

        Raises:
            StopIteration: After the last one.
            MXNetError: A file is no picture.
        """
        kept, self._kept = self._kept, []
        # A batch that begins with kept pictures counts the others as padding, as in MXNet 1.9.1.
        pad = self.batch_size - len(kept) if kept else 0
        samples = self._fill(kept)
        if not samples:
            raise StopIteration
        if len(samples) < self.batch_size:
            if self.last_batch_handle != "pad":
                self._kept = samples if self.last_batch_handle == "roll_over" else []
                raise StopIteration
            pad = self.batch_size - len(samples)
            self._wrap_around(samples)
        return self._to_batch(samples, pad)

    def _wrap_around(self, samples):
        while len(samples) < self.batch_size:
            self.cur = 0
            self._fill(samples)
        self.cur = self.num_image

    def _to_batch(self, samples, pad):
        data = np.stack([picture for picture, _ in samples]).astype(np.float32)
        label_shape = self.provide_label[0].shape
        labels = np.stack([np.ravel(label) for _, label in samples])
        if labels.size != np.prod(label_shape):
            raise errors.ValueError(
                f"ImageIter: the pictures have {labels.shape[1]} labels; label_width="
                f"{self.label_width} is expected"
            )
        labels = nd.array(labels.reshape(label_shape), dtype=self.provide_label[0].dtype)
        return io.DataBatch([nd.array(data, dtype="float32")], [labels], pad=pad)
