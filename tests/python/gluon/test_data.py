"""Datasets, samplers and functions that make batches."""

import numpy as np
import pytest

import mxnet as mx
from mxnet.gluon import data as gdata
from mxnet.gluon.data import batchify

TEN = gdata.SimpleDataset(list(range(10)))


def test_array_datasets():
    dataset = gdata.ArrayDataset(np.arange(3), mx.nd.arange(3), ["a", "b", "c"])
    assert dataset[1] == (1, 1, "b") and len(dataset) == 3
    assert gdata.ArrayDataset(mx.nd.ones((2, 3)))[0].shape == (3,)
    with pytest.raises(AssertionError, match="array 1 has the length 2"):
        gdata.ArrayDataset([1], [1, 2])
    with pytest.raises(AssertionError, match="no array"):
        gdata.ArrayDataset()


def test_parts():
    assert [list(TEN.shard(3, part)) for part in range(3)] == [[0, 1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert list(TEN.take(3)) == [0, 1, 2] and len(TEN.take(None)) == len(TEN.take(99)) == 10
    assert list(TEN.filter(lambda x: x % 3 == 0)) == [0, 3, 6, 9]
    assert list(TEN.sample(gdata.SequentialSampler(3, 2))) == [2, 3, 4]
    with pytest.raises(AssertionError, match="index=3"):
        TEN.shard(3, 3)
    with pytest.raises(TypeError, match="expected a Sampler"):
        TEN.sample([1])


def test_transforms_are_lazy_or_not():
    calls = []

    def double(x):
        calls.append(x)
        return 2 * x

    lazy = TEN.transform(double)
    assert not calls and lazy[3] == 6 and calls == [3]
    assert list(TEN.transform(double, lazy=False)) == list(range(0, 20, 2))
    pairs = gdata.ArrayDataset([1, 2], [3, 4])
    assert pairs.transform(lambda a, b: a + b)[1] == 6
    assert pairs.transform_first(lambda a: -a)[1] == (-2, 4)
    assert TEN.transform_first(lambda a: -a)[1] == -1


def test_batches_of_indices():
    five = gdata.SequentialSampler(5)
    assert list(gdata.BatchSampler(five, 2)) == [[0, 1], [2, 3], [4]]
    assert list(gdata.BatchSampler(five, 2, "discard")) == [[0, 1], [2, 3]]
    rolling = gdata.BatchSampler(five, 2, "rollover")
    assert (len(rolling), list(rolling)) == (2, [[0, 1], [2, 3]])
    assert (len(rolling), list(rolling)) == (3, [[4, 0], [1, 2], [3, 4]])
    for bad in ({"last_batch": "x"}, {"batch_size": 0}):
        with pytest.raises(ValueError, match=f"BatchSampler: {next(iter(bad))}"):
            gdata.BatchSampler(five, **{"batch_size": 2, **bad})


def test_samplers():
    np.random.seed(3)
    assert list(gdata.RandomSampler(6)) == [3, 5, 4, 1, 0, 2]
    assert list(gdata.FilterSampler(lambda x: x > 7, TEN)) == [8, 9]
    interval = mx.gluon.contrib.data.IntervalSampler
    assert list(interval(7, 3)) == [0, 3, 6, 1, 4, 2, 5] and len(interval(7, 3)) == 7
    assert list(interval(7, 3, rollover=False)) == [0, 3, 6] and len(interval(7, 3, False)) == 3


def test_padding():
    batch, lengths = batchify.Pad(val=-1, ret_length=True)([[1, 2, 3], [4]])
    assert batch.asnumpy().tolist() == [[1, 2, 3], [4, -1, -1]]
    assert lengths.asnumpy().tolist() == [3, 1]
    assert batchify.Pad(round_to=4)([mx.nd.ones((3,))]).shape == (1, 4)
    assert batchify.Pad(axis=0)([np.ones((1, 2)), np.ones((3, 2))]).shape == (2, 3, 2)


def test_other_batches():
    assert batchify.Stack()([np.ones(2), np.zeros(2)]).asnumpy().tolist() == [[1, 1], [0, 0]]
    both = batchify.Group(batchify.Stack(), batchify.AsList())
    numbers, words = both([(1, "a"), (2, "b")])
    assert numbers.asnumpy().tolist() == [1, 2] and words == ["a", "b"]
    with pytest.raises(ValueError, match="3 parts"):
        both([(1, 2, 3)])
    assert [each.shape for each in batchify.Append()([np.ones(2), np.ones(3)])] == [(1, 2), (1, 3)]
