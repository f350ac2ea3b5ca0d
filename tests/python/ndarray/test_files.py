"""Saving, loading and pickling arrays."""

import copy
import pickle

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int32", "int64", "uint8"])
def test_a_list_comes_back(tmp_path, dtype):
    path = str(tmp_path / "a.params")
    values = np.arange(6).reshape(2, 3).astype(dtype)
    nd.save(path, [nd.array(values, dtype=dtype), nd.array([1.0])])
    first, second = nd.load(path)
    assert first.dtype is np.dtype(dtype).type
    np.testing.assert_array_equal(first.asnumpy(), values)
    np.testing.assert_array_equal(second.asnumpy(), [1.0])


def test_a_dict_comes_back_in_order(tmp_path):
    path = str(tmp_path / "a.params")
    nd.save(path, {"z": nd.ones((2,)), "a": nd.zeros((3, 1))})
    loaded = nd.load(path)
    assert [(name, array.shape) for name, array in loaded.items()] == [("z", (2,)), ("a", (3, 1))]


def test_one_array_and_nothing(tmp_path):
    path = str(tmp_path / "a.params")
    nd.save(path, nd.ones((2,)))
    assert len(nd.load(path)) == 1
    nd.save(path, [])
    assert nd.load(path) == []


def test_a_path_object_is_a_name(tmp_path):
    nd.save(tmp_path / "a.params", nd.ones((2,)))
    assert nd.load(tmp_path / "a.params")[0].shape == (2,)


def test_buffer(tmp_path):
    path = tmp_path / "a.params"
    nd.save(str(path), {"a": nd.array([1.0, 2.0])})
    loaded = nd.load_frombuffer(path.read_bytes())
    np.testing.assert_array_equal(loaded["a"].asnumpy(), [1.0, 2.0])


def test_loaded_arrays_can_be_written_without_touching_the_file(tmp_path):
    path = str(tmp_path / "a.params")
    nd.save(path, nd.array([1.0, 2.0]))
    loaded = nd.load(path)[0]
    loaded[:] = 5
    np.testing.assert_array_equal(nd.load(path)[0].asnumpy(), [1.0, 2.0])
    nd.save(path, loaded)
    np.testing.assert_array_equal(nd.load(path)[0].asnumpy(), [5.0, 5.0])


@pytest.mark.parametrize("data", [[1], {"a": 1}, {1: "b"}])
def test_only_arrays_are_saved(tmp_path, data):
    with pytest.raises(TypeError, match="save"):
        nd.save(str(tmp_path / "a.params"), data)


def test_load_errors(tmp_path):
    with pytest.raises(mx.MXNetError, match="missing.params"):
        nd.load(str(tmp_path / "missing.params"))
    path = tmp_path / "bad.params"
    path.write_bytes(b"\x12\x01" + b"\0" * 9)
    with pytest.raises(ValueError, match="bad.params: byte 8"):
        nd.load(str(path))
    with pytest.raises(TypeError, match="fname=3"):
        nd.load(3)


def test_pickling_holds_what_1_9_1_holds():
    array = nd.array([[1.0, 2.0]], dtype="float64")
    kind, arguments, state = array.__reduce__()
    assert kind is nd.NDArray and arguments == (None,) and list(state) == ["handle"]
    assert state["handle"][:8] == b"\xc9\xfa\x93\xf9\0\0\0\0"


@pytest.mark.parametrize("protocol", [0, 2, pickle.HIGHEST_PROTOCOL])
def test_pickled_arrays_come_back(protocol):
    array = nd.array([[1, 2], [3, 4]], dtype="int64")
    back = pickle.loads(pickle.dumps(array, protocol))
    assert back.dtype is np.int64
    np.testing.assert_array_equal(back.asnumpy(), array.asnumpy())


def test_an_array_pickled_by_1_9_1_is_read():
    stored = (
        b"\x80\x02cmxnet.ndarray.ndarray\nNDArray\nq\x00N\x85q\x01Rq\x02}q\x03X\x06\x00\x00\x00handle"
        b"q\x04c__builtin__\nbytearray\nq\x05c_codecs\nencode\nq\x06X.\x00\x00\x00\xc3\x89\xc3\xba"
        b"\xc2\x93\xc3\xb9\x00\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x01\x00"
        b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc2\x80?\x00\x00\xc2\x80?q\x07X\x06\x00"
        b"\x00\x00latin1q\x08\x86q\tRq\n\x85q\x0bRq\x0csb."
    )
    np.testing.assert_array_equal(pickle.loads(stored).asnumpy(), [1.0, 1.0])


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda a: a.copy()])
def test_copies_are_independent(copied):
    array = nd.ones((2,))
    other = copied(array)
    other[:] = 3
    np.testing.assert_array_equal(array.asnumpy(), [1.0, 1.0])
