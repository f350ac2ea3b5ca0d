"""argmax gives indices in the dtype of data, where 4097 became 1 (bytes) or 4096 (halves)."""

import numpy as np
import pytest

import mxnet as mx

SEARCHES = {
    "argmax": lambda x: mx.nd.argmax(x, axis=1),
    "argmax all": lambda x: mx.nd.argmax(x),
    "argmin": lambda x: (
        mx.nd.argmin(-x.astype("int32").astype(x.dtype), axis=1)
        if x.dtype != np.uint8
        else mx.nd.argmin(1 - x, axis=1)
    ),
    "argmax_channel": mx.nd.argmax_channel,
}


def one_at(place, size, dtype):
    data = np.zeros((1, size), dtype)
    data[0, place] = 1
    return mx.nd.array(data, dtype=dtype)


@pytest.mark.parametrize("search", SEARCHES)
@pytest.mark.parametrize("dtype", ["uint8", "int8", "float16", "int32", "float32"])
def test_every_index_is_right(search, dtype):
    for size in (10, 128, 129, 256, 257, 2049, 2050, 5000):
        found = SEARCHES[search](one_at(size - 1, size, dtype))
        assert found.asnumpy().ravel().tolist() == [size - 1]
        most = {"uint8": 256, "int8": 128, "float16": 2049}.get(dtype, 2**24)
        assert found.dtype == (np.dtype(dtype).type if size <= most else np.int64)


@pytest.mark.parametrize("dtype", ["uint8", "float16"])
def test_in_a_graph(dtype):
    symbol = mx.sym.argmax(mx.sym.Variable("x"), axis=1)
    data = one_at(4097, 5000, dtype)
    executor = symbol.bind(mx.cpu(), {"x": data})
    assert executor.forward()[0].asnumpy().tolist() == [4097]
    assert symbol.infer_type(x=dtype)[1] == [np.dtype(dtype).type]
