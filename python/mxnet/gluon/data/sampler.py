"""Samplers: in which order elements of a dataset are taken, and in which groups."""

import numpy as np

from ... import error
from ...io.utils import part_rows

__all__ = [
    "Sampler",
    "SequentialSampler",
    "RandomSampler",
    "FilterSampler",
    "SplitSampler",
    "BatchSampler",
]


class Sampler:
    """Base of samplers: something with a length that gives indices, anew for each epoch."""

    def __len__(self):
        raise error.NotImplementedError(f"{type(self).__name__}: __len__ is not defined")

    def __iter__(self):
        raise error.NotImplementedError(f"{type(self).__name__}: __iter__ is not defined")


class SequentialSampler(Sampler):
    """The numbers from `start` on.

    Args:
        length (int): How many.
        start (int): The first.
    """

    def __init__(self, length, start=0):
        self._length = length
        self._start = start

    def __iter__(self):
        return iter(range(self._start, self._start + self._length))

    def __len__(self):
        return self._length


class RandomSampler(Sampler):
    """The numbers from 0 to ``length - 1`` in random order, which NumPy's seed decides.

    Args:
        length (int): How many.
    """

    def __init__(self, length):
        self._length = length

    def __iter__(self):
        indices = np.arange(self._length)
        np.random.shuffle(indices)
        return iter(indices.tolist())

    def __len__(self):
        return self._length


class FilterSampler(Sampler):
    """The indices of those elements for which a function is true.

    Args:
        fn (function): Called with an element.
        dataset (Dataset): The elements.
    """

    def __init__(self, fn, dataset):
        self._indices = [index for index in range(len(dataset)) if fn(dataset[index])]

    def __iter__(self):
        return iter(self._indices)

    def __len__(self):
        return len(self._indices)


class SplitSampler(Sampler):
    """One part of the numbers from 0 to ``length - 1``, for one rank of a job.

    All parts have the same length, so that every rank makes as many steps.

    Args:
        length (int): How many numbers there are in all.
        num_parts (int): In how many parts they are divided.
        part_index (int): Which part this sampler gives.
        shuffle (bool): Whether each epoch has an order of its own, which NumPy's seed decides.
        last (str): What becomes of numbers that make no full part: 'pad' gives some numbers to two
            parts, 'discard' leaves the last ones out.

    Example:
        >>> store = mx.kv.create("dist_sync")
        >>> sampler = SplitSampler(len(dataset), store.num_workers, store.rank)
        >>> loader = DataLoader(dataset, batch_size=32, sampler=sampler)
    """

    def __init__(self, length, num_parts=1, part_index=0, shuffle=True, last="pad"):
        if last not in ("pad", "discard"):
            raise error.ValueError(
                f"SplitSampler: last={last!r} is not known; expected 'pad' or 'discard'"
            )
        self._rows = part_rows(length, num_parts, part_index, "SplitSampler", last)
        self._shuffle = shuffle

    def __iter__(self):
        indices = np.arange(self._rows.start, self._rows.stop)
        if self._shuffle:
            np.random.shuffle(indices)
        return iter(indices.tolist())

    def __len__(self):
        return self._rows.stop - self._rows.start


class BatchSampler(Sampler):
    """Groups of the indices of another sampler.

    Args:
        sampler (Sampler): The other.
        batch_size (int): Size of the groups.
        last_batch (str): What becomes of a group that is not full: 'keep', 'discard', or
            'rollover' into the next epoch.
    """

    def __init__(self, sampler, batch_size, last_batch="keep"):
        if last_batch not in ("keep", "discard", "rollover"):
            raise error.ValueError(
                f"BatchSampler: last_batch={last_batch!r} is not known; expected 'keep', "
                "'discard' or 'rollover'"
            )
        if batch_size < 1:
            raise error.ValueError(
                f"BatchSampler: batch_size={batch_size} is not positive; expected 1 or more"
            )
        self._sampler = sampler
        self._batch_size = batch_size
        self._last_batch = last_batch
        self._kept = []

    def __iter__(self):
        batch, self._kept = self._kept, []
        for index in self._sampler:
            batch.append(index)
            if len(batch) == self._batch_size:
                yield batch
                batch = []
        if batch and self._last_batch == "keep":
            yield batch
        elif self._last_batch == "rollover":
            self._kept = batch

    def __len__(self):
        count = len(self._sampler)
        if self._last_batch == "keep":
            return -(-count // self._batch_size)
        if self._last_batch == "rollover":
            count += len(self._kept)
        return count // self._batch_size
