import numpy as np
import pytest

import mxnet as mx


@pytest.mark.parametrize("shape", [(50,), (50, 3), (1,)])
def test_rows_are_all_there(shape):
    mx.random.seed(3)
    data = np.arange(np.prod(shape), dtype="float32").reshape(shape)
    shuffled = mx.nd.shuffle(mx.nd.array(data)).asnumpy()
    order = np.argsort(shuffled.reshape(shape[0], -1)[:, 0])
    np.testing.assert_array_equal(shuffled[order], data)
    assert shape[0] == 1 or (shuffled != data).any()
