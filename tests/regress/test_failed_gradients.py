"""An error in a gradient array must stay where backward adds and go where it writes all of it; the
same for assignments with lists, steps and masks. See also test_failed_array_written.py.
"""

import numpy as np
import pytest

from mxnet import autograd, nd

SHAPE = (300, 300)


def variable_with_failed_gradient(failed, req):
    x = nd.ones(SHAPE)
    x.attach_grad(req)
    failed.copyto(x.grad)
    return x


@pytest.mark.parametrize(
    "function, expected", [(lambda x: x * 3, 3), (lambda x: nd.sign(x), 0), (nd.BlockGrad, 0)]
)
def test_writing_makes_it_good(failed_array, function, expected):
    x = variable_with_failed_gradient(failed_array, "write")
    with autograd.record():
        y = function(x)
    y.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), np.full(SHAPE, expected))


@pytest.mark.parametrize("req", ["add", "null"])
def test_adding_keeps_it(failed_array, req):
    x = variable_with_failed_gradient(failed_array, req)
    with autograd.record():
        y = x * 3
    y.backward()
    with pytest.raises(IndexError, match="take"):
        x.grad.asnumpy()


def test_it_goes_from_the_computation_into_the_gradient_and_away(failed_array):
    x = nd.ones(SHAPE)
    x.attach_grad()
    with autograd.record():
        y = x * failed_array
    y.backward()
    with pytest.raises(IndexError, match="take"):
        x.grad.asnumpy()
    with autograd.record():
        y = x * 2
    y.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), np.full(SHAPE, 2))


def test_a_failed_head_gradient_fails_the_gradient(failed_array):
    x = nd.ones(SHAPE)
    x.attach_grad()
    with autograd.record():
        y = x * 3
    y.backward(failed_array)
    with pytest.raises(IndexError, match="take"):
        x.grad.asnumpy()


@pytest.mark.parametrize(
    "key",
    [[0, 1], slice(None, None, 2), np.arange(300) < 3, (slice(None), [1])],
    ids=["list", "step", "mask", "column"],
)
def test_assigning_a_part_keeps_it(failed_array, key):
    x = failed_array
    with pytest.raises(IndexError, match="take"):
        x[key] = 5
        x.asnumpy()
    with pytest.raises(IndexError, match="take"):
        x.asnumpy()
