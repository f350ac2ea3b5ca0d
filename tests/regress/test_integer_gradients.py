"""Remainders of integers had the gradient of real numbers; powers lost theirs in rounding."""

import numpy as np
import pytest

from mxnet import autograd, nd


def gradients(function, *values):
    arrays = [nd.array(value, dtype="int32") for value in values]
    for array in arrays:
        array.attach_grad()
        array.grad[:] = 77
    with autograd.record():
        result = function(*arrays)
    result.backward()
    return [array.grad.asnumpy().tolist() for array in arrays]


# The numbers are those of MXNet 1.9.1.
@pytest.mark.parametrize(
    "function, values, expected",
    [
        (lambda a, b: a % b, ([7, 8], [2, 3]), [[0, 0], [0, 0]]),
        (lambda a, b: nd.broadcast_mod(a, b), ([7, 8], [3]), [[0, 0], [0]]),
        (lambda a: a % 3, ([7, 8],), [[0, 0]]),
        (lambda a: 9 % a, ([2, 5],), [[0, 0]]),
        (lambda a, b: a**b, ([7, 8], [2, 3]), [[14, 192], [95, 1064]]),
        (lambda a: 2**a, ([2, 5, 7],), [[2, 22, 88]]),
        (lambda a: a.mean() * 6, ([1, 2, 3],), [[2, 2, 2]]),
    ],
)
def test_as_in_1_9_1(function, values, expected):
    assert gradients(function, *values) == expected


def test_floating_remainders_keep_theirs():
    a, b = nd.array([7, 8]), nd.array([2, 3])
    a.attach_grad(), b.attach_grad()
    with autograd.record():
        c = a % b
    c.backward()
    np.testing.assert_array_equal(a.grad.asnumpy(), [1, 1])
    np.testing.assert_array_equal(b.grad.asnumpy(), [-3, -2])
