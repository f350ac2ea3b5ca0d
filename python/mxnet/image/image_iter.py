"""Batches of pictures from a list of files, or from a file of records."""

import random

import numpy as np

from .. import error as errors
from .. import io
from .. import ndarray as nd
from .._numpy_mode import of_mode
from ..io.utils import check_part, checked_batch_size, part_rows
from .create_augmenter import CreateAugmenter
from .functions import imdecode
from .samples import FileSamples, RecordSamples, number_list, read_list

__all__ = ["ImageIter"]

_LAST_BATCHES = ("pad", "discard", "roll_over")


def _check_choices(last_batch_handle, part_index, num_parts, part_handle):
    if last_batch_handle not in _LAST_BATCHES:
        raise errors.ValueError(
            f"ImageIter: last_batch_handle={last_batch_handle!r} is unknown; one of"
            f" {_LAST_BATCHES} is expected"
        )
    check_part(num_parts, part_index, "ImageIter", part_handle, AssertionError)


class ImageIter(io.DataIter):
    """Reads, augments and batches pictures that a list names or that lie in a file of records.

    Args:
        batch_size (int): Pictures in a batch.
        data_shape (tuple of int): Shape (channels, height, width) of one picture in a batch.
        label_width (int): Labels of a picture.
        path_imgrec (str): A file of records, instead of single files.
        path_imglist (str): A list file: key, labels and file name with tabs between them. With
            `path_imgrec` its labels stand for those of the records.
        path_root (str): Folder of the files.
        path_imgidx (str): Index of `path_imgrec`; without it, records are read in their order.
        shuffle (bool): Read in a new random order after each `reset`.
        part_index, num_parts (int): Read only one of several parts of the list, one for each rank
            of a job.
        aug_list (list of Augmenter): What to do with each picture; by default
            `CreateAugmenter(data_shape, **kwargs)`.
        imglist (list): Entries [label, ..., file name], instead of `path_imglist`.
        data_name, label_name (str): Names of the input and the label.
        dtype (str): Type of the labels.
        last_batch_handle (str): A last batch that is not full is filled with the first pictures
            ("pad"), left out ("discard") or kept for the next epoch ("roll_over").
        part_handle (str): All parts are equally long: what is left over is in none ("discard") or
            some pictures are in two ("pad"); or each is in one part ("keep").
        **kwargs: Arguments of `CreateAugmenter`.

    Raises:
        AssertionError: Neither a list, a list file nor a file of records is given; records without
            an index are to be shuffled or divided.
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
        part_handle="discard",
        **kwargs,
    ):
        batch_size = checked_batch_size(batch_size, type(self).__name__)
        super().__init__(batch_size)
        _check_choices(last_batch_handle, part_index, num_parts, part_handle)
        self.check_data_shape(data_shape)
        self._open(path_imgrec, path_imgidx, path_imglist, imglist, path_root)
        if self._samples.keys is None and (shuffle or num_parts > 1):
            raise AssertionError(
                f"{type(self).__name__}: path_imgidx=None; the index of path_imgrec is expected, so"
                " that records can be shuffled or divided"
            )
        self.path_root = path_root
        self.data_shape = tuple(data_shape)
        self.label_width = label_width
        self.shuffle = shuffle
        self.last_batch_handle = last_batch_handle
        self.auglist = CreateAugmenter(data_shape, **kwargs) if aug_list is None else aug_list
        self.provide_data = [io.DataDesc(data_name, (batch_size, *self.data_shape))]
        labels = (batch_size,) if label_width == 1 else (batch_size, label_width)
        self.provide_label = [io.DataDesc(label_name, labels, dtype)]
        self.seq = self._part(self._samples.keys, part_index, num_parts, part_handle)
        self.num_image = None if self.seq is None else len(self.seq)
        self._kept = []
        self.reset()

    def _open(self, path_imgrec, path_imgidx, path_imglist, imglist, path_root):
        name = type(self).__name__
        self.imglist = None
        if path_imglist:
            self.imglist = read_list(path_imglist, name)
        elif isinstance(imglist, list):
            if path_imgrec:
                raise errors.ValueError(
                    f"{name}: imglist says no keys of the records of path_imgrec={path_imgrec!r}; "
                    "path_imglist is expected"
                )
            self.imglist = number_list(imglist)
        if path_imgrec:
            self._samples = RecordSamples(path_imgrec, path_imgidx, self.imglist)
        elif self.imglist is not None:
            self._samples = FileSamples(self.imglist, path_root, name)
        else:
            raise AssertionError(
                f"{name}: imglist=None; path_imgrec, path_imglist or imglist is expected"
            )

    @staticmethod
    def _part(keys, index, count, handle):
        if count == 1:
            return keys
        return keys[part_rows(len(keys), count, index, "ImageIter", handle)]

    def reset(self):
        """Starts over; pictures kept by "roll_over" come first."""
        if self.shuffle:
            random.shuffle(self.seq)
        self._rewind()

    def _rewind(self):
        self._samples.rewind()
        self._ended = False
        self.cur = 0

    def hard_reset(self):
        """Starts over and forgets the pictures kept by "roll_over"."""
        self._kept = []
        self.reset()

    def next_sample(self):
        """Label and file content of the next picture, as (NDArray, bytes)."""
        label, content, _ = self._next_entry()
        return of_mode(nd.array(np.ravel(label))), content

    def _next_entry(self):
        """Labels, content and name of the next picture."""
        if self._ended or (self.seq is not None and self.cur >= len(self.seq)):
            raise StopIteration
        key = None if self.seq is None else self.seq[self.cur]
        self.cur += 1
        return self._samples.read(key)

    def read_image(self, fname):
        """Content of a file of the list."""
        return FileSamples({}, self.path_root, type(self).__name__).read_file(fname)

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

    def _next_picture(self):
        """The next picture, decoded, and its label."""
        label, content, name = self._next_entry()
        try:
            picture = self.imdecode(content)
            self.check_valid_image([picture])
        except RuntimeError as cause:
            raise errors.MXNetError(f"{type(self).__name__}: {name}: {cause}") from cause
        return picture, label

    def _as_sample(self, picture):
        """An augmented picture as it stands in a batch."""
        picture = self.postprocess_data(picture).asnumpy()
        if picture.shape != self.data_shape:
            raise errors.ValueError(
                f"{type(self).__name__}: an augmented picture has shape {picture.shape}; "
                f"data_shape={self.data_shape} is expected, see the last augmenters"
            )
        return picture

    def _read_sample(self):
        picture, label = self._next_picture()
        return self._as_sample(self.augmentation_transform(picture)), label

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
            self._rewind()
            self._fill(samples)
        self._ended = True

    def _to_batch(self, samples, pad):
        data = np.stack([picture for picture, _ in samples]).astype(np.float32)
        labels = self._label_batch([label for _, label in samples])
        labels = of_mode(nd.array(labels, dtype=self.provide_label[0].dtype))
        return io.DataBatch([of_mode(nd.array(data, dtype="float32"))], [labels], pad=pad)

    def _label_batch(self, labels):
        """Labels of a batch in one array."""
        labels = [np.ravel(label) for label in labels]
        for label in labels:
            if label.size != self.label_width:
                raise errors.ValueError(
                    f"ImageIter: a picture has {label.size} labels; label_width={self.label_width} "
                    "is expected"
                )
        return np.stack(labels).reshape(self.provide_label[0].shape)
