"""Sparse arrays given as out or as target of copyto or [:] stayed as they were."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd

KINDS = ["csr", "row_sparse"]
ONES = np.ones((2, 3), "float32")


@pytest.mark.parametrize("stype", KINDS)
def test_out(stype):
    target = nd.zeros((2, 3), stype=stype)
    same = target.detach()
    nd.broadcast_add(nd.ones((2, 3)), nd.ones((2, 3)), out=target)
    np.testing.assert_array_equal(target.asnumpy(), 2 * ONES)
    np.testing.assert_array_equal(same.asnumpy(), 2 * ONES)  # every handle sees the new parts


@pytest.mark.parametrize("stype", KINDS)
def test_copyto_and_assignment(stype):
    target = nd.zeros((2, 3), stype=stype)
    assert nd.ones((2, 3)).copyto(target).stype == stype
    np.testing.assert_array_equal(target.asnumpy(), ONES)
    target[:] = nd.ones((2, 3)) * 2
    np.testing.assert_array_equal(target.asnumpy(), 2 * ONES)
    target[:] = 3
    np.testing.assert_array_equal(target.asnumpy(), 3 * ONES)
    target *= 2
    np.testing.assert_array_equal(target.asnumpy(), 6 * ONES)
    assert target.stype == stype


@pytest.mark.parametrize("stype", KINDS)
def test_optimizer_updates_the_weight(stype):
    weight = nd.ones((2, 2)).tostype(stype)
    sgd = mx.optimizer.SGD(learning_rate=0.5)
    sgd.update(0, weight, nd.ones((2, 2)).tostype(stype), None)
    np.testing.assert_array_equal(weight.asnumpy(), np.full((2, 2), 0.5))


def test_writes_and_reads_keep_their_order():
    size = 400  # large enough to be queued
    target = nd.zeros((size, size), stype="row_sparse")
    for step in range(1, 6):
        nd.broadcast_add(nd.ones((size, size)), nd.zeros((size, size)) + step, out=target)
        copy = target.copy()
        nd.broadcast_add(nd.zeros((size, size)), nd.zeros((size, size)), out=target)
        assert copy.asnumpy().min() == copy.asnumpy().max() == step + 1
        assert target.asnumpy().max() == 0


def test_parts_are_copies():
    array = nd.ones((2, 2)).tostype("csr")
    array.data[:] = 7
    np.testing.assert_array_equal(array.asnumpy(), np.ones((2, 2)))


def test_tostype_copies():
    dense = nd.zeros((2,))
    dense.tostype("default")[:] = 7
    np.testing.assert_array_equal(dense.asnumpy(), [0, 0])
