"""A constant that no array goes into is computed too before the first prediction."""

import numpy as np

import mxnet as mx


def test_operator_without_inputs():
    symbol = mx.sym.Variable("a") + mx.sym.ones((64, 3)) + mx.sym.zeros((64, 3))
    executor = symbol.simple_bind(mx.cpu(), a=(64, 3))
    executor.arg_dict["a"][:] = 4
    for _ in range(2):
        np.testing.assert_array_equal(executor.forward()[0].asnumpy(), np.full((64, 3), 5))
