"""_reorder keeps the values; eager arrays are plain on both sides."""

import numpy as np

import mxnet as mx


def test_keeps_the_values():
    data = np.random.RandomState(0).rand(2, 20, 5, 3).astype("float32")
    np.testing.assert_array_equal(mx.nd._internal._reorder(mx.nd.array(data)).asnumpy(), data)
