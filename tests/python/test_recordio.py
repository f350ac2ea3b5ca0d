"""Files of records: the bytes of 1.9.1, damage, copies and forks."""

import os
import pickle
import struct

import numpy as np
import pytest

import mxnet as mx
from mxnet.recordio import (
    IRHeader,
    MXIndexedRecordIO,
    MXRecordIO,
    pack,
    pack_img,
    unpack,
    unpack_img,
)

MAGIC = struct.pack("<I", 0xCED7230A)
RECORDS = [
    b"",
    b"a",
    b"abcd",
    MAGIC,
    b"ab" + MAGIC,
    b"abcd" + MAGIC,
    b"abcd" + MAGIC + b"x",
    MAGIC + MAGIC,
    MAGIC + b"1234" + MAGIC,
    b"abc" + MAGIC + b"1" + MAGIC,
]
# What 1.9.1 writes for them.
WRITTEN = """
0a23d7ce000000000a23d7ce01000000610000000a23d7ce04000000616263640a23d7ce000000200a23d7ce00000060
0a23d7ce0600000061620a23d7ce00000a23d7ce04000020616263640a23d7ce000000600a23d7ce0400002061626364
0a23d7ce01000060780000000a23d7ce000000200a23d7ce000000400a23d7ce000000600a23d7ce000000200a23d7ce
04000040313233340a23d7ce000000600a23d7ce080000206162630a23d7ce310a23d7ce00000060"""


def read_all(record):
    return list(iter(record.read, None))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.rec"
    record = MXRecordIO(str(path), "w")
    for each in RECORDS:
        record.write(each)
    record.close()
    return path


@pytest.fixture
def indexed(tmp_path):
    paths = str(tmp_path / "b.idx"), str(tmp_path / "b.rec")
    record = MXIndexedRecordIO(*paths, "w")
    for key in (3, 1, "7"):
        record.write_idx(key, b"rec%d" % int(key))
    assert record.tell() == 36
    record.close()
    return paths


def test_bytes_are_those_of_1_9_1(file):
    assert file.read_bytes() == bytes.fromhex(WRITTEN)
    record = MXRecordIO(file, "r")
    assert read_all(record) == RECORDS and record.read() is None
    record.reset()
    assert record.read() == b""


def test_index(indexed):
    assert open(indexed[0]).read() == "3\t0\n1\t12\n7\t24\n"
    record = MXIndexedRecordIO(*indexed, "r")
    assert record.keys == [3, 1, 7] and record.idx == {3: 0, 1: 12, 7: 24}
    assert [record.read_idx(key) for key in (7, 3)] == [b"rec7", b"rec3"]
    assert record.read() == b"rec1"
    with pytest.raises(KeyError):
        record.read_idx(99)
    with open(indexed[0], "a") as index:
        index.write("x\t1\n")
    with pytest.raises(ValueError, match=r"line 4 of .*b.idx' is 'x\\t1'; a key \(int\)"):
        MXIndexedRecordIO(*indexed, "r")


@pytest.mark.parametrize(
    "change, where",
    [
        (lambda data: data[:-5], "byte 176: the file ends inside"),
        (
            lambda data: data[:8] + b"ZZZZ" + data[12:],
            "byte 8: 5a5a5a5a is where 0a23d7ce begins a record",
        ),
        (lambda data: data[:3], "byte 0: the file ends inside"),
        (lambda data: data[:-8], "byte 176: the file ends inside"),
        (lambda data: data[40:], "byte 0: a part of kind 3 is out of place"),
    ],
)
def test_damage_is_named(file, change, where):
    file.write_bytes(change(file.read_bytes()))
    with pytest.raises(mx.MXNetError, match=f"a.rec' is damaged at {where}"):
        read_all(MXRecordIO(file, "r"))


def test_copies_read_on_their_own(file, indexed):
    record = MXRecordIO(file, "r")
    record.read()
    copy = pickle.loads(pickle.dumps(record))
    assert read_all(copy) == RECORDS and record.read() == b"a"
    copy = pickle.loads(pickle.dumps(MXIndexedRecordIO(*indexed, "r")))
    assert copy.read_idx(1) == b"rec1"
    record.close()
    assert not pickle.loads(pickle.dumps(record)).is_open
    with pytest.raises(ValueError, match="is being written"):
        pickle.dumps(MXRecordIO(file, "w"))


def in_child(function):
    """What a forked process gets, as text."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            answer = repr(function())
        except Exception as cause:
            answer = str(cause)
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as answer:
        return answer.read()


def test_forked_processes_keep_out_of_each_others_way(file, indexed):
    record = MXIndexedRecordIO(*indexed, "r")
    record.read_idx(3)
    assert in_child(lambda: record.read_idx(7)) == "b'rec7'"
    assert record.read() == b"rec1"
    record = MXRecordIO(file, "r")
    assert "belongs to another process; reset()" in in_child(record.read)
    record = MXRecordIO(file, "w")
    record.write(b"mine")
    assert "belongs to another process" in in_child(lambda: record.write(b"other"))
    in_child(record.close)
    record.close()
    assert read_all(MXRecordIO(file, "r")) == [b"mine"]


def test_misuse_is_named(file, tmp_path):
    with pytest.raises(ValueError, match="flag='x' is unknown"):
        MXRecordIO(file, "x")
    with pytest.raises(OSError, match="missing.rec' cannot be opened"):
        MXRecordIO(tmp_path / "missing.rec", "r")
    with pytest.raises(OSError, match="missing.idx' cannot be opened"):
        MXIndexedRecordIO(tmp_path / "missing.idx", file, "r")
    record = MXRecordIO(file, "r")
    with pytest.raises(ValueError, match="open with flag='r'; w is expected"):
        record.write(b"")
    record.close()
    record.close()
    with pytest.raises(ValueError, match="is closed"):
        record.read()
    with pytest.raises(TypeError, match="buf is a str; bytes are expected"):
        MXRecordIO(tmp_path / "b.rec", "w").write("text")


@pytest.mark.parametrize(
    "label, packed",
    [
        (3, "00000000000040400e0a000000000000050000000000000064617461"),
        ([1, 2], "02000000000000000e0a00000000000005000000000000000000803f0000004064617461"),
        (np.array(5.0), "01000000000000000e0a00000000000005000000000000000000a04064617461"),
    ],
)
def test_headers(label, packed):
    assert pack(IRHeader(9, label, 2574, 5), b"data").hex() == packed
    header, data = unpack(bytes.fromhex(packed))
    assert data == b"data" and (header.id, header.id2) == (2574, 5)
    assert np.array_equal(np.ravel(header.label), np.ravel(label))
    with pytest.raises(ValueError, match="s has 20 bytes; a header of 24"):
        unpack(bytes.fromhex(packed)[:20])


def test_too_many_labels_and_too_large_numbers():
    with pytest.raises(ValueError, match="100 labels of 4 bytes are expected"):
        unpack(struct.pack("<IfQQ", 100, 0, 0, 0) + b"1234")
    with pytest.raises(ValueError, match="does not fit"):
        pack(IRHeader(0, 1, -5, 0), b"")


def test_pictures():
    pytest.importorskip("cv2")
    picture = np.random.RandomState(0).randint(0, 255, (10, 8, 3)).astype(np.uint8)
    header, found = unpack_img(pack_img((0, 1, 2, 3), picture, quality=9, img_fmt=".png"))
    assert header == (0, 1, 2, 3) and np.array_equal(found, picture)
    header, found = unpack_img(pack_img((0, [1, 2], 2, 3), picture[:, :, 0], img_fmt=".JPG"))
    assert header.label.tolist() == [1, 2] and found.shape == (10, 8)
    small, large = (len(pack_img((0, 1, 2, 3), picture, quality=q)) for q in (10, 95))
    assert small < large
    with pytest.raises(ValueError, match=r"img_fmt='\.xyz' cannot be written"):
        pack_img((0, 1, 2, 3), picture, img_fmt=".xyz")
    packed = pack_img((0, 1, 2, 3), picture)
    assert [unpack_img(packed, flag)[1].ndim for flag in (-1, 0, 1)] == [3, 2, 3]
    with pytest.raises(ValueError, match="iscolor=4 is unknown"):
        unpack_img(packed, 4)
    with pytest.raises(mx.MXNetError):
        unpack_img(packed[:30])
