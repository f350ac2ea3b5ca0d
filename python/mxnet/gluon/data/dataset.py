"""Datasets: elements by number, and what can be made of them."""

import os
import threading

from ... import error, util
from ...ndarray import NDArray
from ...recordio import MXIndexedRecordIO
from ..utils import _get_repo_file_url, download
from .sampler import FilterSampler, Sampler, SequentialSampler

__all__ = ["Dataset", "SimpleDataset", "ArrayDataset", "RecordFileDataset"]


class Dataset:
    """Base of datasets; a subclass defines ``__getitem__(idx)`` and ``__len__()``."""

    def __getitem__(self, idx):
        raise error.NotImplementedError(f"{type(self).__name__}: __getitem__ is not defined")

    def __len__(self):
        raise error.NotImplementedError(f"{type(self).__name__}: __len__ is not defined")

    def filter(self, fn):
        """The elements for which ``fn(element)`` is true (Dataset)."""
        return _SampledDataset(self, FilterSampler(fn, self))

    def shard(self, num_shards, index):
        """One of several parts of nearly the same size, as a Dataset.

        Args:
            num_shards (int): How many parts.
            index (int): Which part, from 0 on.
        """
        if not 0 <= index < num_shards:
            raise error.AssertionError(
                f"Dataset.shard: index={index} is out of range; expected 0 to {num_shards - 1}"
            )
        least, larger = divmod(len(self), num_shards)
        start = least * index + min(index, larger)
        return _SampledDataset(self, SequentialSampler(least + (index < larger), start))

    def take(self, count):
        """The first `count` elements, or all for None (Dataset)."""
        if count is not None and count < 0:
            raise error.ValueError(f"Dataset.take: count={count} is negative; expected 0 or more")
        count = len(self) if count is None else min(count, len(self))
        return _SampledDataset(self, SequentialSampler(count))

    def sample(self, sampler):
        """The elements that a sampler chooses, in its order (Dataset)."""
        if not isinstance(sampler, Sampler):
            raise error.TypeError(
                f"Dataset.sample: sampler is of type {type(sampler).__name__}; expected a Sampler"
            )
        return _SampledDataset(self, sampler)

    def transform(self, fn, lazy=True):
        """Each element through a function.

        Args:
            fn (function): Called with an element, or with its parts where elements are tuples.
            lazy (bool): Whether that is done whenever an element is asked for; else once, now.

        Returns:
            Dataset: The results.
        """
        changed = _LazyTransformDataset(self, fn)
        if lazy:
            return changed
        return SimpleDataset([changed[index] for index in range(len(changed))])

    def transform_first(self, fn, lazy=True):
        """As `transform`, but only the first part of each element goes through the function."""
        return self.transform(_TransformFirstClosure(fn), lazy)


class SimpleDataset(Dataset):
    """A list, or anything with a length and elements by number, as a dataset.

    Args:
        data (list): The elements.
    """

    def __init__(self, data):
        self._data = data

    def __len__(self):
        return len(self._data)

    def __getitem__(self, idx):
        return self._data[idx]


class ArrayDataset(Dataset):
    """Several arrays of one length: an element is a tuple of theirs.

    Args:
        *args (array_like): The arrays; with one its elements are those of the dataset.
    """

    def __init__(self, *args):
        if not args:
            raise error.AssertionError("ArrayDataset: there is no array; expected at least one")
        self._length = len(args[0])
        self._data = []
        for number, data in enumerate(args):
            if len(data) != self._length:
                raise error.AssertionError(
                    f"ArrayDataset: array {number} has the length {len(data)}; expected "
                    f"{self._length} as the first"
                )
            if isinstance(data, NDArray) and len(data.shape) == 1:
                data = data.asnumpy()  # elements are numbers
            self._data.append(data)

    def __getitem__(self, idx):
        if len(self._data) == 1:
            return self._data[0][idx]
        return tuple(data[idx] for data in self._data)

    def __len__(self):
        return self._length


class _SampledDataset(Dataset):
    """The elements of a dataset that a sampler chooses."""

    def __init__(self, dataset, sampler):
        self._dataset = dataset
        self._indices = list(sampler)

    def __len__(self):
        return len(self._indices)

    def __getitem__(self, idx):
        return self._dataset[self._indices[idx]]


class _LazyTransformDataset(Dataset):
    """The elements of a dataset through a function."""

    def __init__(self, data, fn):
        self._data = data
        self._fn = fn

    def __len__(self):
        return len(self._data)

    def __getitem__(self, idx):
        item = self._data[idx]
        return self._fn(*item) if isinstance(item, tuple) else self._fn(item)


class _TransformFirstClosure:
    """Puts the first of its arguments through a function; can be sent to other processes."""

    def __init__(self, fn):
        self._fn = fn

    def __call__(self, x, *args):
        return (self._fn(x), *args) if args else self._fn(x)


class RecordFileDataset(Dataset):
    """The records of a file with an index; an element is the bytes of one.

    Args:
        filename (str): The file, ``name.rec``, or the URI of an object, of which the bytes of each
            element are fetched alone; its index is ``name.idx``.
    """

    def __init__(self, filename):
        self.filename = os.fspath(filename)
        self.idx_file = os.path.splitext(self.filename)[0] + ".idx"
        self._open = threading.local()  # a place in the file for each thread
        self._keys = self._reader().keys

    def _reader(self):
        if not hasattr(self._open, "record"):
            self._open.record = MXIndexedRecordIO(self.idx_file, self.filename, "r")
        return self._open.record

    def __getstate__(self):
        return {key: value for key, value in vars(self).items() if key != "_open"}

    def __setstate__(self, state):
        vars(self).update(state, _open=threading.local())

    def __getitem__(self, idx):
        return self._reader().read_idx(self._keys[idx])

    def __len__(self):
        return len(self._keys)


def _default_root(name):
    return os.path.join(util.data_dir(), "datasets", name)


class _DownloadedDataset(Dataset):
    """Base of datasets whose files are fetched when they are not there.

    Args:
        root (str): Their folder.
        transform (function): Called with data and label of each element.
    """

    _namespace = None  # of the subclass: folder of its files in the repository

    def __init__(self, root, transform):
        self._transform = transform
        self._data = None
        self._label = None
        self._root = os.path.expanduser(root)
        self._get_data()

    def __getitem__(self, idx):
        if self._transform is not None:
            return self._transform(self._data[idx], self._label[idx])
        return self._data[idx], self._label[idx]

    def __len__(self):
        return len(self._label)

    def _fetch(self, name):
        """The file `name`, which is fetched if it is not in the folder."""
        there = os.path.join(self._root, name)
        if os.path.exists(there):
            return there
        return download(
            _get_repo_file_url(f"gluon/dataset/{self._namespace}", name), there, retries=0
        )
