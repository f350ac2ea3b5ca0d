"""Copies (copy, copyto, as_in_context, nd.array of an array) left the tape without a word."""

import copy

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, nd

COPIES = {
    "copy": lambda y: y.copy(),
    "copyto": lambda y: y.copyto(mx.cpu()),
    "context": lambda y: y.as_in_context(mx.cpu(1)),
    "array": lambda y: nd.array(y),
    "array_dtype": lambda y: nd.array(y, dtype="float64"),
    "deepcopy": copy.deepcopy,
    "module_copy": copy.copy,
    "tostype": lambda y: y.tostype("default"),
    "astype": lambda y: y.astype("float16"),
}


@pytest.mark.parametrize("name", COPIES)
def test_gradient_through_a_copy(name):
    x = nd.array([1, 2])
    x.attach_grad()
    with autograd.record():
        z = COPIES[name](x * 5)
        loss = z * 3
    loss.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [15, 15])


def test_tostype_copies():
    a = nd.zeros((2,))
    a.tostype("default")[:] = 7
    np.testing.assert_array_equal(a.asnumpy(), [0, 0])
