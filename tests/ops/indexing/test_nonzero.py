"""_npx_nonzero: as many rows as the data says."""

import numpy as np
import pytest

from mxnet import nd

R = np.random.default_rng(11)


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int32", "int64", "uint8"])
@pytest.mark.parametrize("shape", [(7,), (4, 5), (2, 3, 4), (1,), (0, 3)])
def test_like_numpy(shape, dtype):
    x = R.integers(0, 3, size=shape).astype(dtype)
    result = nd._internal._npx_nonzero(nd.array(x, dtype=dtype))
    assert result.dtype == np.int64
    np.testing.assert_array_equal(result.asnumpy(), np.argwhere(x))


def test_nothing_is_there():
    assert nd._internal._npx_nonzero(nd.zeros((2, 3))).shape == (0, 2)


def test_shape_follows_queued_writes():
    x = nd.zeros((300, 400))
    for step in range(1, 4):
        x[:] = 0
        x[:step] = 1
        assert nd._internal._npx_nonzero(x).shape == (400 * step, 2)


def test_out_must_fit():
    with pytest.raises(ValueError, match="does not fit the data"):
        nd._internal._npx_nonzero(nd.array([1, 0]), out=nd.zeros((2, 1), dtype="int64"))
