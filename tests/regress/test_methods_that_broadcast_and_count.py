"""`x.broadcast_like(y)` refused a y of more axes; counts of `nd.histogram(x)` were integers.

Fractions of such counts (``counts / counts.sum()``) were all zero.
"""

import numpy as np
import pytest

import mxnet as mx


def test_broadcast_like_adds_axes():
    data = mx.nd.arange(3)
    data.attach_grad()
    with mx.autograd.record():
        repeated = data.broadcast_like(mx.nd.ones((2, 4, 3)))
    repeated.backward()
    np.testing.assert_array_equal(repeated.asnumpy(), np.broadcast_to([0, 1, 2], (2, 4, 3)))
    np.testing.assert_array_equal(data.grad.asnumpy(), [8, 8, 8])
    with pytest.raises(ValueError, match="broadcast_to: shape="):
        data.broadcast_like(mx.nd.ones((3, 2)))


def test_dtypes_of_counts():
    data = mx.nd.arange(12)
    for bins, options, dtype in (
        (3, {}, np.float32),
        (3, {"range": (0, 11)}, np.int64),
        (mx.nd.array([0, 3.7, 7.4, 11]), {}, np.int64),
    ):
        counts, edges = mx.nd.histogram(data, bins, **options)
        assert counts.dtype == dtype and edges.dtype == np.float32
        assert counts.asnumpy().tolist() == [4, 4, 4]
    _, edges = mx.nd.histogram(data.astype("float64"), 3, range=(0, 0.3))
    np.testing.assert_array_equal(edges.asnumpy(), np.histogram_bin_edges([], 3, (0, 0.3)))
