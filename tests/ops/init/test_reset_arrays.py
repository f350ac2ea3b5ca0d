"""reset_arrays has no outputs, so that the tables do not fit."""

import numpy as np
import pytest

import mxnet as mx


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int8", "int64"])
def test_arrays_become_zero(dtype):
    arrays = [mx.nd.ones((2, 3), dtype=dtype), mx.nd.full((4,), 7)]
    kept = mx.nd.ones((2, 3))
    assert mx.nd.reset_arrays(*arrays, num_arrays=2) == []
    assert [float(np.abs(array.asnumpy()).sum()) for array in arrays] == [0, 0]
    assert kept.asnumpy().sum() == 6


def test_gradients_of_steps_are_reset():
    x = mx.nd.array([1.0, 2.0])
    x.attach_grad(grad_req="add")
    for total in (1, 2):
        with mx.autograd.record():
            y = x * 3
        y.backward()
        assert x.grad.asnumpy().tolist() == [3 * total] * 2
    mx.nd.reset_arrays(x.grad, num_arrays=1)
    assert x.grad.asnumpy().tolist() == [0, 0]


def test_number_of_arrays():
    with pytest.raises(ValueError, match="1 inputs were given; expected 2"):
        mx.nd.reset_arrays(mx.nd.ones((1,)), num_arrays=2)
