"""Operators without inputs take the shape that their users tell, as in MXNet 1.9.1."""

import numpy as np
import pytest

import mxnet as mx

ARANGE = {"start": 2, "step": 0.5, "infer_range": True}
CASES = [
    (lambda a: mx.sym.zeros((0, 3)) + a, np.ones((2, 3))),
    (lambda a: mx.sym.ones((0, 0)) * a, np.ones((2, 3))),
    (lambda a: mx.sym._internal._arange(**ARANGE) + a, [[3, 3.5, 4, 4.5]]),
    (lambda a: mx.sym._internal._arange(**ARANGE, repeat=2) + a, [[3, 3, 3.5, 3.5]]),
]


@pytest.mark.parametrize("build, expected", CASES)
def test_bind_fills_in_the_shape(build, expected):
    expected = np.squeeze(np.array(expected))
    executor = build(mx.sym.Variable("a")).simple_bind(mx.cpu(), a=expected.shape)
    executor.arg_dict["a"][:] = 1
    np.testing.assert_array_equal(executor.forward()[0].asnumpy(), expected)
