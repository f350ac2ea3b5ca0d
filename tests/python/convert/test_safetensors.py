"""Files of safetensors: written, read back, and refused when they are damaged."""

import json
import struct

import numpy as np
import pytest

import mxnet as mx
from mxnet.convert import read_arrays, write_arrays


def raw(path, header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return str(path)


def entry(dtype, shape, first, last):
    return {"dtype": dtype, "shape": shape, "data_offsets": [first, last]}


def test_round_trip(tmp_path):
    rng = np.random.default_rng(0)
    names = "float64 float32 float16 int64 int32 int16 int8 uint8 uint16 uint32 uint64 bool".split()
    arrays = {name: (rng.random((3, 5)) * 4).astype(name) for name in names}
    arrays["none"], arrays["number"] = np.zeros((0, 2), np.float32), np.array(3.5)
    file = str(tmp_path / "a.safetensors")
    write_arrays(file, arrays)
    found = read_arrays(file)
    assert sorted(found) == sorted(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)


def test_format(tmp_path):
    """What other programs write: metadata, bfloat16, a header with spaces behind it."""
    header = {"__metadata__": {"format": "pt"}, "w": entry("BF16", [2], 0, 4)}
    text = json.dumps(header).encode() + b"   "
    file = raw(tmp_path / "a.safetensors", text, struct.pack("<HH", 0x3FC0, 0xC000))
    np.testing.assert_array_equal(read_arrays(file)["w"], np.array([1.5, -2], np.float32))


@pytest.mark.parametrize(
    ("header", "data"),
    [
        (b"", b""),
        (b"[]", b""),
        (b"{", b""),
        (b'{"w":\xff}', b""),
        ({"w": 5}, b""),
        ({"w": entry("F99", [1], 0, 4)}, bytes(4)),
        ({"w": entry("F32", [1], 0, 8)}, bytes(8)),
        ({"w": entry("F32", [2], 0, 8)}, bytes(4)),
        ({"w": entry("F32", [-1, -1], 0, 4)}, bytes(4)),
        ({"w": entry("F32", [1.0], 0, 4)}, bytes(4)),
        ({"w": entry("F32", ["1"], 0, 4)}, bytes(4)),
        ({"w": entry("F32", [True], 0, 4)}, bytes(4)),
        ({"w": entry("F32", [1 << 62, 4], 0, 0)}, b""),
        ({"w": entry("F32", [1], 4, 8)}, bytes(8)),
        ({"w": entry("F32", [1], 0, 4)}, bytes(8)),
        ({"v": entry("F32", [1], 0, 4), "w": entry("F32", [1], 0, 4)}, bytes(4)),
    ],
)
def test_damaged(tmp_path, header, data):
    with pytest.raises(mx.MXNetError, match="is damaged"):
        read_arrays(raw(tmp_path / "a.safetensors", header, data))


def test_header_nested_without_end(tmp_path):
    with pytest.raises(mx.MXNetError, match="is damaged"):
        read_arrays(raw(tmp_path / "a.safetensors", b"[" * 200000))


@pytest.mark.parametrize("length", [1 << 63, 100, 0])
def test_length_of_the_header(tmp_path, length):
    path = tmp_path / "a.safetensors"
    path.write_bytes(struct.pack("<Q", length) + b"{}")
    with pytest.raises(mx.MXNetError, match="header"):
        read_arrays(str(path))


def test_no_names_for_complex_numbers(tmp_path):
    with pytest.raises(mx.MXNetError, match="complex"):
        write_arrays(str(tmp_path / "a.safetensors"), {"w": np.zeros(2, complex)})


def test_archive_of_numpy_is_not_unpickled(tmp_path):
    file = str(tmp_path / "a.npz")
    np.savez(file, w=np.array([{}], object))
    with pytest.raises(mx.MXNetError, match="cannot be read"):
        read_arrays(file)


def test_archive_of_numpy_that_promises_too_much(tmp_path):
    import zipfile

    head = b"{'descr': '<f4', 'fortran_order': False, 'shape': (1152921504606846976,), }\n"
    array = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + bytes(8)
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("w.npy", array)
    with pytest.raises(mx.MXNetError, match="cannot be read"):
        read_arrays(str(tmp_path / "a.npz"))
