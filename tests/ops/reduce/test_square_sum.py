"""_square_sum: sums of squares of dense and row-sparse arrays."""

import numpy as np
import pytest
from harness import Case, operator_tests

import mxnet as mx
from mxnet import nd

R = np.random.default_rng(5)
X = R.normal(size=(4, 5))


def square_sum(x, axis=None, keepdims=False):
    return (x * x).sum(axis=axis, keepdims=keepdims)


CASES = [
    Case("_square_sum", [X], square_sum, attrs={"axis": 1}, oracle="sparse arrays only"),
    Case("_square_sum", [X], square_sum, attrs={"axis": 0}, oracle="sparse arrays only"),
]

TestSquareSum = operator_tests(CASES)

ROWS = np.array([[0, 0, 0], [1, 2, 3], [0, 0, 0], [4, 5, 6]], dtype="float32")


@pytest.mark.parametrize(
    "axis, keepdims, stype", [(0, False, "default"), (1, False, "default"), (1, True, "row_sparse")]
)
def test_row_sparse(axis, keepdims, stype):
    x = nd.array(ROWS).tostype("row_sparse")
    x.attach_grad()
    with mx.autograd.record():
        y = nd._internal._square_sum(x, axis=axis, keepdims=keepdims)
    assert y.stype == stype
    want = square_sum(ROWS, axis, keepdims)
    np.testing.assert_array_equal(y.asnumpy(), want)
    head = np.arange(want.size, dtype="float32").reshape(want.shape) + 1
    y.backward(nd.array(head))
    assert x.grad.stype == "row_sparse"
    spread = head if keepdims else np.expand_dims(head, axis)
    np.testing.assert_array_equal(x.grad.asnumpy(), 2 * ROWS * spread)
