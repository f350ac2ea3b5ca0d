"""The gradient of prod was right where elements are zero, and the gradient of that was not."""

import itertools
import math

import numpy as np
import pytest

import mxnet as mx


def derivative(values, chosen):
    """The product's derivative by the chosen elements, each once."""
    return math.prod(v for i, v in enumerate(values) if i not in chosen)


def derivatives(values, order):
    """All of this order that `mx.nd.prod` gives, as an array of that many axes."""
    x = mx.nd.array(values)
    size = len(values)
    found = np.zeros((size,) * order)
    for chosen in itertools.product(range(size), repeat=order):
        x.attach_grad()
        with mx.autograd.record():
            y = mx.nd.prod(x)
            for i in chosen[:-1]:
                y = mx.autograd.grad(y, x, create_graph=True, retain_graph=True)[0][i]
        y.backward()
        found[chosen] = x.grad.asnumpy()[chosen[-1]]
    return found


@pytest.mark.parametrize(
    "values, order",
    [
        ([1.5, 2, 3], 2),
        ([2, 0, 3], 2),
        ([0, 0, 3], 2),
        ([0, 0, 0, 2], 2),
        ([2, 0, 3, 0], 3),
        ([2, 0, 3, 4], 3),
    ],
)
def test_derivatives(values, order):
    found = derivatives(values, order)
    for chosen in itertools.product(range(len(values)), repeat=order):
        once = len(set(chosen)) == order
        expected = derivative(values, chosen) if once else 0
        assert found[chosen] == pytest.approx(expected), chosen


def test_along_an_axis_and_without_nan():
    x = mx.nd.array([[2, 0, 3], [1, 4, np.nan]])
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.nanprod(x, axis=1)
        grad = mx.autograd.grad(y, x, create_graph=True, retain_graph=True)[0]
        total = (grad * mx.nd.array([[1, 10, 100]])).sum()
    total.backward()
    np.testing.assert_allclose(x.grad.asnumpy(), [[30, 203, 20], [10, 1, 0]])
