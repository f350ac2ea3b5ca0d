"""BitCast between floats and whole numbers: by arithmetic, to the last bit."""

import numpy as np
import pytest

mx = pytest.importorskip("mxnet")

onnx = pytest.importorskip("onnx")
helper = onnx.helper

FLOATS = {"float16": np.uint16, "float32": np.uint32, "float64": np.uint64}


def cast(array, dtype):
    """The array through BitCast, as an input of the network."""
    from mxnet.onnx import backend

    number = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    given = helper.np_dtype_to_tensor_dtype(array.dtype)
    graph = helper.make_graph(
        [helper.make_node("BitCast", ["x"], ["y"], to=number)],
        "g",
        [helper.make_tensor_value_info("x", given, array.shape)],
        [helper.make_tensor_value_info("y", number, array.shape)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 26)])
    return backend.prepare(model).run([array])[0]


def interesting(dtype):
    """Zeros, the smallest and largest numbers, powers of two and their neighbours."""
    info = np.finfo(dtype)
    powers = np.ldexp(np.ones(1, dtype), np.arange(info.minexp - info.nmant, info.maxexp))
    near = np.concatenate([powers, np.nextafter(powers, dtype(0)), np.nextafter(powers, info.max)])
    bits = np.random.default_rng(0).integers(0, 2 ** (8 * info.dtype.itemsize - 1), 2000)
    random = bits.astype(FLOATS[info.dtype.name]).view(dtype)
    numbers = [0, np.inf, info.max, info.tiny, info.smallest_subnormal]
    numbers = np.concatenate([np.array(numbers, dtype), near, random[np.isfinite(random)]])
    return np.concatenate([numbers, -numbers, np.array([np.nan], dtype)])


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("signed", [True, False])
def test_all_kinds_of_numbers(dtype, signed):
    array = interesting(np.dtype(dtype).type)
    bits = array.view(FLOATS[dtype])
    bits = bits.view(bits.dtype.name[1:]) if signed else bits
    found = cast(array, bits.dtype)
    assert found.dtype == bits.dtype
    np.testing.assert_array_equal(found, bits)
    back = cast(bits, dtype)
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back.view(bits.dtype), bits)


def test_sizes_have_to_be_equal():
    with pytest.raises(mx.MXNetError, match="whole numbers of 4 bytes"):
        cast(np.ones(2, np.float32), np.int64)
    with pytest.raises(mx.MXNetError, match="floats of 4 bytes"):
        cast(np.ones(2, np.int32), np.float64)
