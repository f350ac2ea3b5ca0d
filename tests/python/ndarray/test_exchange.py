"""Arrays that share memory with NumPy and through DLPack."""

import gc
import weakref

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd


def test_from_numpy_shares_memory():
    source = np.arange(6, dtype=np.float32).reshape(2, 3)
    array = nd.from_numpy(source)
    assert not source.flags.writeable
    array[1] = 7
    array.wait_to_read()
    assert source.tolist() == [[0, 1, 2], [7, 7, 7]]


def test_from_numpy_copies():
    source = np.arange(3)
    array = nd.from_numpy(source, zero_copy=False)
    source[0] = 5
    assert array.dtype == np.int64 and array.asnumpy().tolist() == [0, 1, 2]


@pytest.mark.parametrize("source", [np.arange(6)[::2], np.ones((2, 3)).T])
def test_from_numpy_needs_contiguous_memory(source):
    with pytest.raises(ValueError, match="not C-contiguous"):
        nd.from_numpy(source)


@pytest.mark.parametrize("source", [[1, 2], np.array(["a"])])
def test_from_numpy_needs_numbers(source):
    with pytest.raises(TypeError):
        nd.from_numpy(source)


@pytest.mark.parametrize("shape", [(), (0, 2), (3,), (2, 3, 4)])
@pytest.mark.parametrize(
    "dtype", ["float32", "float64", "float16", "uint8", "int32", "int8", "int64", "bool"]
)
def test_dlpack_both_ways(shape, dtype):
    values = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    array = nd.array(values, dtype=dtype)
    assert array.__dlpack_device__() == (1, 0)
    seen = np.from_dlpack(array)
    assert seen.dtype == array.dtype and np.array_equal(seen, values)
    back = nd.from_dlpack(array)
    assert back.dtype == array.dtype and np.array_equal(back.asnumpy(), values)


@pytest.mark.parametrize("give", [nd.to_dlpack_for_read, nd.to_dlpack_for_write])
def test_dlpack_shares_memory(give):
    array = nd.array([1, 2, 3])
    other = nd.from_dlpack(give(array))
    other[:] = 5
    other.wait_to_read()
    assert array.asnumpy().tolist() == [5, 5, 5]
    array += 1
    array.wait_to_read()
    assert other.asnumpy().tolist() == [6, 6, 6]


def test_lent_memory_is_not_that_of_copies():
    array = nd.array([1, 2, 3])
    before = array.copy()
    outside = np.from_dlpack(array)
    after = array.copy()
    nd.from_dlpack(array.to_dlpack_for_write())[:] = 9
    nd.waitall()
    assert outside.tolist() == [9, 9, 9]
    assert before.asnumpy().tolist() == after.asnumpy().tolist() == [1, 2, 3]
    array[:] = before
    array.wait_to_read()
    assert outside.tolist() == [1, 2, 3]


def test_view_is_lent():
    array = nd.array([1, 2, 3])
    nd.from_dlpack(array[1:].to_dlpack_for_write())[:] = 0
    nd.waitall()
    assert array.asnumpy().tolist() == [1, 0, 0]


def test_constants_follow_lent_parameters():
    """A predictor packs its weights; memory that others write must be looked at each time."""
    symbol = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, no_bias=True, name="fc")
    weight = nd.ones((2, 3))
    executor = symbol.bind(mx.cpu(), {"data": nd.ones((1, 3)), "fc_weight": weight})
    assert executor.forward()[0].asnumpy().tolist() == [[3, 3]]
    nd.from_dlpack(weight)[:] = 2
    nd.waitall()
    assert executor.forward()[0].asnumpy().tolist() == [[6, 6]]


def test_capsule_is_taken_once():
    capsule = nd.to_dlpack_for_read(nd.ones(2))
    nd.from_dlpack(capsule)
    with pytest.raises(ValueError, match="from_dlpack"):
        nd.from_dlpack(capsule)


def test_what_is_no_dlpack():
    with pytest.raises(ValueError, match="from_dlpack: the object is a int"):
        nd.from_dlpack(5)
    with pytest.raises(ValueError, match="contiguous"):
        nd.from_dlpack(np.ones((2, 3)).T)
    with pytest.raises(ValueError, match="csr"):
        nd.to_dlpack_for_read(nd.sparse.zeros("csr", (2, 2)))


def test_memory_lives_as_long_as_it_is_used():
    source = np.ones(1000, dtype=np.float32)
    gone = weakref.ref(source)
    array = nd.from_dlpack(nd.from_numpy(source).to_dlpack_for_read())
    del source
    gc.collect()
    assert gone() is not None and array.sum().asscalar() == 1000
    array.wait_to_read()
    del array
    gc.collect()
    assert gone() is None
