"""Objects of stores, in memory: whole, by ranges, as streams; with faults."""

import os
import sys

import numpy as np
import pytest

import mxnet as mx
from mxnet import _files

pytest.importorskip("fsspec")
from fsspec.implementations.memory import MemoryFileSystem  # noqa: E402

sys.path.insert(0, os.path.dirname(__file__))
from counted_store import CountedStore  # noqa: E402

RECORDS = [bytes([i]) * (1000 * i + 1) for i in range(60)]


@pytest.fixture(autouse=True)
def store(monkeypatch):
    CountedStore.clear()
    monkeypatch.setattr(_files.objects, "_FIRST_WAIT", 0)
    schemes = _files.objects.WRITTEN_BY_PIECES
    schemes.add("counted")
    yield CountedStore
    schemes.remove("counted")
    CountedStore.clear()


def write_records(base="counted://b/a"):
    record = mx.recordio.MXIndexedRecordIO(base + ".idx", base + ".rec", "w")
    for key, data in enumerate(RECORDS):
        record.write_idx(key, data)
    record.close()


def test_whole_files():
    arrays = {"x": mx.nd.arange(5), "row": mx.nd.ones((2, 2)).tostype("row_sparse")}
    mx.nd.save("memory://b/a.params", arrays)
    loaded = mx.nd.load("memory://b/a.params")
    assert loaded["x"].asnumpy().tolist() == [0, 1, 2, 3, 4]
    assert loaded["row"].stype == "row_sparse"
    symbol = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    weights = {"fc_weight": mx.nd.ones((2, 3)), "fc_bias": mx.nd.zeros(2)}
    mx.model.save_checkpoint("memory://b/net", 0, symbol, weights, {})
    loaded, arguments, _ = mx.model.load_checkpoint("memory://b/net", 0)
    assert loaded.tojson() == symbol.tojson() and set(arguments) == set(weights)
    net = mx.gluon.SymbolBlock.imports(
        "memory://b/net-symbol.json", ["data"], "memory://b/net-0000.params"
    )
    assert net(mx.nd.ones((1, 3))).asnumpy().tolist() == [[3, 3]]
    with pytest.raises(OSError, match="'memory://b/net-0001.params' cannot be read .FileNotFound"):
        mx.model.load_checkpoint("memory://b/net", 1)


@pytest.mark.parametrize("scheme", ["gs", "abfs", "hdfs", "sftp"])
def test_uris_get_through_to_the_package_of_their_store(scheme, monkeypatch):
    seen = set()

    class Fake(MemoryFileSystem):
        protocol = scheme

        @classmethod
        def _strip_protocol(cls, path):
            seen.add(path)
            return MemoryFileSystem._strip_protocol(path.replace(f"{scheme}://", "memory://", 1))

    monkeypatch.setitem(sys.modules["fsspec.registry"]._registry, scheme, Fake)
    mx.nd.save("memory://place/a.params", [mx.nd.arange(5)])
    assert mx.nd.load(f"{scheme}://place/a.params")[0].asnumpy().tolist() == [0, 1, 2, 3, 4]
    assert f"{scheme}://place/a.params" in seen
    _files.write_bytes("memory://place/a.rec", b"\x0a\x23\xd7\xce\x04\0\0\0abcd", "test")
    assert mx.recordio.MXRecordIO(f"{scheme}://place/a.rec", "r").read() == b"abcd"
    assert _files.list_objects(f"{scheme}://place/", "test") == [
        f"{scheme}://place/a.params",
        f"{scheme}://place/a.rec",
    ]


def test_bytes_are_those_of_a_file(tmp_path):
    arrays = [mx.nd.arange(5), mx.nd.ones((2, 3), dtype="int8")]
    mx.nd.save("memory://b/a.params", arrays)
    mx.nd.save(str(tmp_path / "a.params"), arrays)
    stored = CountedStore.store["/b/a.params"].getvalue()
    assert stored == (tmp_path / "a.params").read_bytes()


def test_damage_names_the_uri(store):
    mx.nd.save("memory://b/a.params", [mx.nd.arange(5)])
    store.store["/b/a.params"].truncate(40)
    with pytest.raises(ValueError, match="memory://b/a.params.*byte"):
        mx.nd.load("memory://b/a.params")
    _files.write_bytes("memory://b/a.json", b"\xff\xfe{}", "test")
    with pytest.raises(ValueError, match="memory://b/a.json"):
        mx.sym.load("memory://b/a.json")


def test_tables():
    _files.write_text("memory://b/a.csv", "1,2\n3,4\n", "test")
    batch = mx.io.CSVIter(data_csv="memory://b/a.csv", data_shape=(2,), batch_size=2).next()
    assert batch.data[0].asnumpy().tolist() == [[1, 2], [3, 4]]
    _files.write_text("memory://b/rows/1", "1 0:5", "test")
    _files.write_text("memory://b/rows/2", "0 1:6", "test")
    batch = mx.io.LibSVMIter(data_libsvm="memory://b/rows", data_shape=(2,), batch_size=2).next()
    assert batch.data[0].asnumpy().tolist() == [[5, 0], [0, 6]]
    with pytest.raises(OSError, match="CSVIter: 'memory://b/none.csv' cannot be read"):
        mx.io.CSVIter(data_csv="memory://b/none.csv", data_shape=(2,), batch_size=2)


def test_records_in_their_order(store):
    write_records()
    record = mx.recordio.MXRecordIO("counted://b/a.rec", "r")
    assert list(iter(record.read, None)) == RECORDS and record.read() is None
    size = len(store.store["/b/a.rec"].getvalue())
    assert sum(end - begin for begin, end in store.asked) == size  # nothing is fetched twice
    assert len(store.asked) < 8  # requests grow
    record.reset()
    assert record.read() == RECORDS[0]


def test_a_record_by_its_key_is_one_request(store):
    write_records()
    record = mx.recordio.MXIndexedRecordIO("counted://b/a.idx", "counted://b/a.rec", "r")
    for key in (40, 3, 59, 0):
        store.asked.clear()
        assert record.read_idx(key) == RECORDS[key]
        begin = record.idx[key]
        end = record.idx.get(key + 1, len(store.store["/b/a.rec"].getvalue()))
        assert store.asked == [(begin, end)]
    assert record.read() == RECORDS[1]  # the one behind the last key


def test_datasets(store):
    write_records()
    data = mx.gluon.data.RecordFileDataset("counted://b/a.rec")
    assert len(data) == len(RECORDS) and data[17] == RECORDS[17]


def test_faults_that_pass_are_not_seen(store):
    write_records()
    record = mx.recordio.MXRecordIO("counted://b/a.rec", "r")
    store.problems += [ConnectionResetError("reset"), TimeoutError("late"), 5]
    assert record.read() == RECORDS[0]
    assert len(store.asked) == 4


def test_faults_that_stay_are_named(store):
    write_records()
    record = mx.recordio.MXRecordIO("counted://b/a.rec", "r")
    store.problems += [ConnectionResetError("the peer went away")] * 4
    with pytest.raises(
        OSError, match="MXRecordIO: 'counted://b/a.rec' cannot be read from byte 0 .*peer went away"
    ):
        record.read()
    assert len(store.asked) == 4
    assert record.read() == RECORDS[0]  # the store answers again


def test_refusals_are_not_repeated(store):
    write_records()
    record = mx.recordio.MXRecordIO("counted://b/a.rec", "r")
    store.problems += [PermissionError("denied")]
    with pytest.raises(mx.MXNetError, match="PermissionError: denied"):
        record.read()
    assert len(store.asked) == 1
    with pytest.raises(OSError, match="'memory://b/none.rec' cannot be read"):
        mx.recordio.MXRecordIO("memory://b/none.rec", "r")


def test_only_what_failed_is_asked_for_again(store):
    _files.write_bytes("memory://b/a", bytes(range(100)), "test")
    reader = _files.ObjectReader("counted://b/a", "test")
    store.problems += [0, ConnectionResetError("reset"), 0]
    assert reader.fetch([(0, 10), (20, 30), (90, 100)]) == [
        bytes(range(10)),
        bytes(range(20, 30)),
        bytes(range(90, 100)),
    ]
    assert store.asked == [(0, 10), (20, 30), (90, 100), (20, 30)]


def test_what_is_not_closed_is_not_written(store):
    _files.write_bytes("memory://b/a.rec", b"old", "test")
    record = mx.recordio.MXRecordIO("counted://b/a.rec", "w")
    record.write(b"new")
    assert store.store["/b/a.rec"].getvalue() == b"old"
    with pytest.warns(ResourceWarning, match="'counted://b/a.rec' was not closed"):
        del record
    assert store.store["/b/a.rec"].getvalue() == b"old"


def test_what_fails_is_not_written(store, monkeypatch):
    def fail(*arguments):
        raise OSError(28, "No space left")

    record = mx.recordio.MXRecordIO("counted://b/a.rec", "w")
    record.write(b"some")
    monkeypatch.setattr(record._file._file, "write", fail)
    with pytest.raises(OSError, match="'counted://b/a.rec' cannot be written .*No space left"):
        record.write(b"more")
    record.close()
    assert "/b/a.rec" not in store.store
    monkeypatch.setattr("fsspec.implementations.memory.MemoryFileSystem.put_file", fail)
    with pytest.raises(OSError, match="save: 'memory://b/a.params' cannot be written") as caught:
        mx.nd.save("memory://b/a.params", [mx.nd.ones(1)])
    assert caught.value.errno == 28


def test_stores_that_show_half_a_file_are_not_written():
    with pytest.raises(NotImplementedError, match="save: 'ftp://b/a' would not be written"):
        mx.nd.save("ftp://b/a", [mx.nd.ones(1)])
    with pytest.raises(NotImplementedError, match="'memory://b/a' would .* gs, s3, s3a is"):
        mx.recordio.MXRecordIO("memory://b/a", "w")


def test_pickles_and_forks_read_on_their_own(store):
    write_records()
    record = mx.recordio.MXIndexedRecordIO("memory://b/a.idx", "memory://b/a.rec", "r")
    assert record.read_idx(5) == RECORDS[5]
    child = os.fork()
    if child == 0:
        os._exit(0 if record.read_idx(7) == RECORDS[7] else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert record.read() == RECORDS[6]
    loader = mx.gluon.data.DataLoader(
        mx.gluon.data.RecordFileDataset("memory://b/a.rec").transform(len),
        batch_size=20,
        num_workers=2,
    )
    assert np.concatenate([batch.asnumpy() for batch in loader]).tolist() == list(map(len, RECORDS))
