"""LAMB takes lists of parameters, as in 1.9.1; so do all in update_multi_precision."""

import numpy as np
import pytest

import mxnet as mx


@pytest.mark.parametrize(
    "name, method",
    [
        ("lamb", "update"),
        ("lamb", "update_multi_precision"),
        ("adam", "update_multi_precision"),
    ],
)
def test_lists_are_updated_one_by_one(name, method):
    shapes = [(2,), (3,)]
    several, single = mx.optimizer.create(name), mx.optimizer.create(name)
    found = [mx.nd.ones(shape) for shape in shapes]
    expected = [mx.nd.ones(shape) for shape in shapes]
    gradients = [mx.nd.ones(shape) for shape in shapes]
    states = [several.create_state_multi_precision(i, w) for i, w in enumerate(found)]
    getattr(several, method)([0, 1], found, gradients, states)
    for i, weight in enumerate(expected):
        single.update(i, weight, gradients[i], single.create_state(i, weight))
    assert all(np.array_equal(a.asnumpy(), b.asnumpy()) for a, b in zip(found, expected))
    assert (found[0].asnumpy() < 1).all()
