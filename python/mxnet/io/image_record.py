"""Iterators over record files of pictures, which C++ reads, decodes and augments."""

import os
import re
import warnings

import numpy as np

from .. import _files, error
from .. import ndarray as nd
from .base import MXDataIter

__all__ = [
    "ImageDetRecordIter",
    "ImageRecordIter",
    "ImageRecordUInt8Iter",
    "ImageRecordInt8Iter",
    "ImageRecordIter_v1",
    "ImageRecordUInt8Iter_v1",
]

# Arguments of MXNet 1.9.1 without effect here.
_IGNORED = {"verbose", "device_id", "ctx", "data_name", "label_name", "dtype", "mean_img"}
_DECIMAL = re.compile(r"[+-]?[0-9]*\.[0-9]*")
# What ImageRecordIter takes and ImageDetRecordIter of MXNet 1.9.1 does not.
_DETECT_UNKNOWN = {"path_imgidx", "seed_aug", "mirror", "rand_mirror"}


def _text(value, kind):
    """An argument as the native reader takes it.

    A float is the one that MXNet 1.9.1 reads of its text: whole part and fraction are rounded each
    and then their sum, which may be another number than the nearest.
    """
    if isinstance(value, (bool, np.bool_)):
        return str(int(value))
    text = str(value)
    if kind.startswith("float") and _DECIMAL.fullmatch(text):
        whole, _, fraction = text.lstrip("+-").partition(".")
        sum_of_parts = np.float32(whole or 0) + np.float32("0." + fraction)
        text = repr(float(-sum_of_parts if text.startswith("-") else sum_of_parts))
    return text


def _warn_unknown(owner, options, known):
    unknown = sorted(set(options) - set(known) - _IGNORED)
    if unknown:
        warnings.warn(f"{owner}: ignoring unknown arguments {', '.join(unknown)}", stacklevel=4)


class _Reader:
    """Gives what MXDataIter asks for out of the native reader."""

    label_dtype = np.float32
    detection = False

    def __init__(self, owner, options, dtype):
        from .. import _records

        options = self._check(owner, options)
        known = _records.arguments(self.detection)
        texts = {
            name: _text(value, known[name][0])
            for name, value in options.items()
            if name in known and value is not None
        }
        if texts.get("rotate_list"):
            texts["rotate_list"] = "({},)".format(texts["rotate_list"].strip("()[], "))
        remote = {}
        for name in ("path_imgrec", "path_imgidx", "path_imglist"):
            if texts.get(name):
                texts[name] = _located(os.fspath(options[name]), name, owner, remote)
        _warn_of_counting(owner, texts, remote)
        self.dtype = np.dtype(dtype)
        mean = _mean_image(owner, options, texts, self.detection, remote)
        self._native = _records.open(texts, self.dtype.name, mean, owner, self.detection, remote)
        self.batch_size = int(texts["batch_size"])
        self.data_shape = _shape(options["data_shape"])
        width = self._native.label_width
        self.label_shape = () if width == 1 else (width,)

    def _check(self, owner, options):
        """The options that the native reader takes."""
        from .. import _records

        _warn_unknown(owner, options, _records.arguments())
        return options

    def read(self):
        batch = self._native.read()
        return batch and (*batch[:3], self._index(batch[3]))

    def _index(self, keys):
        return np.zeros(len(keys), dtype=np.uint64)

    def reset(self):
        self._native.reset()


class _DetectReader(_Reader):
    detection = True

    def _check(self, owner, options):
        from .. import _records

        _warn_unknown(owner, options, set(_records.arguments(True)) - _DETECT_UNKNOWN)
        # A deviation of 0, the default of MXNet 1.9.1, divides by nothing.
        return {
            name: value
            for name, value in options.items()
            if name not in _DETECT_UNKNOWN and not (name.startswith("std_") and float(value) <= 0)
        }

    def _index(self, keys):
        return np.array(keys, dtype=np.uint64)


def _located(names, argument, owner, remote):
    """Paths for the native reader, separated by ``;``; readers of objects are put into `remote`."""
    found = []
    for name in names.split(";"):
        if not _files.is_remote(name):
            found.append(_files.local_path(name))
            continue
        who = f"{owner}: {argument}"
        uris = _files.list_objects(name, who) if argument == "path_imgrec" else [name]
        remote.update({uri: _files.ObjectReader(uri, who) for uri in uris})
        found += uris
    return ";".join(found)


def _warn_of_counting(owner, texts, remote):
    """Say so where all records of objects are counted, for parts that are equally long."""
    parts = texts.get("num_parts", "1")
    counts = not texts.get("path_imgidx") and texts.get("part_handle") != "keep"
    uris = [name for name in texts.get("path_imgrec", "").split(";") if name in remote]
    if parts != "1" and counts and uris:
        megabytes = sum(remote[uri].size for uri in uris) / 1e6
        warnings.warn(
            f"{owner}: num_parts={parts} reads all {megabytes:.1f} MB once, to have as many "
            "records in each part; path_imgidx, or part_handle='keep', saves that",
            stacklevel=4,
        )


def _shape(value):
    if isinstance(value, str):
        value = value.strip("()[] ").split(",")
    return tuple(int(size) for size in value)


def _mean_image(owner, options, texts, detection, remote):
    """The picture that mean_img names, which is made of all records where the file is missing."""
    path = os.fspath(options.get("mean_img") or "")
    if not path:
        return None
    if not _exists(path, owner):
        _write_mean_image(owner, texts, path, detection, remote)
    saved = nd.load(path)
    if not isinstance(saved, dict) or "mean_img" not in saved:
        raise error.ValueError(
            f"{owner}: mean_img={path!r} holds no array mean_img; a file of this iterator is "
            "expected"
        )
    return saved["mean_img"].astype("float32")


def _exists(path, owner):
    if _files.is_remote(path):
        return _files.is_there(path, f"{owner}: mean_img")
    return os.path.exists(_files.local_path(path))


def _write_mean_image(owner, texts, path, detection, remote):
    from .. import _records

    changes = (
        "mirror",
        "rand_mirror",
        "rand_mirror_prob",
        "max_random_contrast",
        "max_random_illumination",
        "scale",
    )
    plain = {
        name: text
        for name, text in texts.items()
        if name not in changes and not name.startswith(("mean_", "std_"))
    }
    plain["round_batch"] = "0"
    reader = _records.open(plain, "float32", None, owner, detection, remote)
    total, count = 0, 0
    while True:
        batch = reader.read()
        if batch is None:
            break
        rows = batch[0].asnumpy()[: batch[0].shape[0] - batch[2]]
        total = total + rows.sum(axis=0, dtype=np.float64)
        count += len(rows)
    nd.save(path, {"mean_img": nd.array((total / count).astype(np.float32))})


class ImageRecordIter(MXDataIter):
    """Iterate over the pictures of record files, decoded and augmented by threads in C++.

    docs/data.md lists the arguments, and says what threads do and who owns a batch.

    Args:
        path_imgrec (str): Files or folders of records, or URIs of objects, separated by ``;``.
        data_shape (tuple of int): (channels, height, width) of a picture.
        batch_size (int): Pictures in a batch.
        dtype (str): float32, uint8 (as decoded) or int8 (less the means).
        data_name (str): Name of the input.
        label_name (str): Name of the label.
        **options: Further arguments of MXNet 1.9.1.

    Raises:
        MXNetError: A file is missing or damaged (file and byte are named), or an argument has a
            wrong value.
    """

    _dtype = None

    def __init__(self, data_name="data", label_name="softmax_label", **options):
        owner = type(self).__name__
        dtype = self._dtype or options.get("dtype")
        dtype = "float32" if dtype in (None, "None") else np.dtype(dtype).name
        super().__init__(_Reader(owner, options, dtype), data_name, label_name)


class ImageRecordUInt8Iter(ImageRecordIter):
    """ImageRecordIter whose batches hold the bytes of the pictures, not normalized."""

    _dtype = "uint8"


class ImageRecordInt8Iter(ImageRecordIter):
    """ImageRecordIter whose batches hold the bytes of the pictures, less the means, as int8."""

    _dtype = "int8"


class ImageRecordIter_v1(ImageRecordIter):
    """ImageRecordIter under the name of an older reader."""


class ImageRecordUInt8Iter_v1(ImageRecordUInt8Iter):
    """ImageRecordUInt8Iter under the name of an older reader."""


class ImageDetRecordIter(MXDataIter):
    """Iterate over the pictures of record files and the boxes of the objects in them.

    A label is the number of channels, height and width of the picture in the batch, the number of
    labels that follow, and those, filled up to the same length. docs/data.md lists the arguments.

    Args:
        path_imgrec (str): Files or folders of records, or URIs of objects, separated by ``;``.
        data_shape (tuple of int): (channels, height, width) of a picture.
        batch_size (int): Pictures in a batch.
        data_name (str): Name of the input.
        label_name (str): Name of the label.
        **options: Further arguments of MXNet 1.9.1.

    Raises:
        MXNetError: A file is missing or damaged, or labels have another form (file and byte are
            named), or an argument has a wrong value.
    """

    def __init__(self, data_name="data", label_name="softmax_label", **options):
        owner = type(self).__name__
        dtype = options.get("dtype")
        if dtype not in (None, "None") and np.dtype(dtype) != np.float32:
            raise error.ValueError(
                f"{owner}: dtype={np.dtype(dtype).name} is not supported; float32 is expected"
            )
        super().__init__(_DetectReader(owner, options, "float32"), data_name, label_name)
