"""How samples become a batch: functions for ``DataLoader(batchify_fn=...)``."""

import numpy as np

from ... import error
from ... import ndarray as nd
from ..._numpy_mode import of_mode

__all__ = ["Stack", "Pad", "Append", "Group", "AsList"]


def _as_numpy(sample):
    return sample.asnumpy() if isinstance(sample, nd.NDArray) else np.asarray(sample)


class Stack:
    """Stacks samples of one shape along a new first axis."""

    def __call__(self, data):
        if isinstance(data[0], nd.NDArray):
            return nd.stack(*data, axis=0)
        stacked = np.stack([_as_numpy(sample) for sample in data])
        return of_mode(nd.array(stacked, dtype=stacked.dtype))


class Pad:
    """Stacks samples of different shapes, filled up to the largest.

    Args:
        val (number): What they are filled with.
        dtype (str or type): Type of the result; None is that of the samples.
        ret_length (bool): Whether the lengths along the first axis are given too.
        axis (int): None to fill all axes up; else the only one that may differ.
        round_to (int): Sizes are rounded up to a multiple of this.
    """

    def __init__(self, val=0, dtype=None, ret_length=False, axis=None, round_to=None):
        self._val = val
        self._dtype = dtype
        self._ret_length = ret_length
        self._axis = axis
        self._round_to = round_to

    def __call__(self, data):
        samples = [_as_numpy(sample) for sample in data]
        if len({sample.ndim for sample in samples}) != 1:
            raise error.ValueError(
                "batchify.Pad: samples have different numbers of axes; expected one number"
            )
        shape = [max(sizes) for sizes in zip(*(sample.shape for sample in samples))]
        axes = range(len(shape)) if self._axis is None else [self._axis]
        if self._round_to is not None:
            for axis in axes:
                shape[axis] = -(-shape[axis] // self._round_to) * self._round_to
        dtype = self._dtype or samples[0].dtype
        batch = np.full((len(samples), *shape), self._val, dtype=dtype)
        for row, sample in zip(batch, samples):
            row[tuple(slice(size) for size in sample.shape)] = sample
        result = of_mode(nd.array(batch, dtype=batch.dtype))
        if not self._ret_length:
            return result
        lengths = [sample.shape[self._axis or 0] for sample in samples]
        return result, of_mode(nd.array(lengths, dtype="int32"))


class Append:
    """A list of arrays, one for each sample.

    Args:
        expand (bool): Whether each gets a new axis for the batch.
        batch_axis (int): Where.
    """

    def __init__(self, expand=True, batch_axis=0):
        self._expand = expand
        self._batch_axis = batch_axis

    def __call__(self, data):
        arrays = []
        for sample in data:
            if not isinstance(sample, nd.NDArray):
                sample = _as_numpy(sample)
                sample = of_mode(nd.array(sample, dtype=sample.dtype))
            expanded = nd.expand_dims(sample, axis=self._batch_axis) if self._expand else sample
            arrays.append(expanded)
        return arrays


class Group:
    """A function for each part of samples that are tuples.

    Args:
        *fn (function): The functions, or one list of them.
    """

    def __init__(self, *fn):
        self._functions = list(fn[0]) if len(fn) == 1 and isinstance(fn[0], (list, tuple)) else fn

    def __call__(self, data):
        if len(data[0]) != len(self._functions):
            raise error.ValueError(
                f"batchify.Group: samples have {len(data[0])} parts; expected "
                f"{len(self._functions)}, one for each function"
            )
        parts = zip(*data)
        return tuple(function(list(part)) for function, part in zip(self._functions, parts))


class AsList:
    """The samples as they are, in a list."""

    def __call__(self, data):
        return list(data)
