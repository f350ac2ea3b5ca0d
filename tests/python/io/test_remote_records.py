"""ImageRecordIter over objects of stores: batches, ranges, faults, forks, exit."""

import os
import sys

import numpy as np
import pytest

import mxnet as mx
from mxnet import _files

pytest.importorskip("fsspec")
FILES = os.path.join(os.path.dirname(__file__), os.pardir, "files")
sys.path[:0] = [os.path.dirname(__file__), FILES]
from counted_store import CountedStore  # noqa: E402
from huge_store import run  # noqa: E402

COUNT = 40


def bitmap(number):
    """A picture of 100 kB that no codec shrinks; its first pixel is `number`."""
    pixels = np.full((180, 192, 3), number, np.uint8)
    head = b"P6 192 180 255\n"
    return head + pixels.tobytes()


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    base = str(tmp_path_factory.mktemp("records") / "a")
    writer = mx.recordio.MXIndexedRecordIO(base + ".idx", base + ".rec", "w")
    for i in range(COUNT):
        header = mx.recordio.IRHeader(0, float(i), i, 0)
        writer.write_idx(i, mx.recordio.pack(header, bitmap(i)))
    writer.close()
    return base


@pytest.fixture
def store(local, monkeypatch):
    CountedStore.clear()
    monkeypatch.setattr(_files.objects, "_FIRST_WAIT", 0)
    for ending in (".idx", ".rec"):
        _files.write_bytes("memory://b/a" + ending, _files.read_bytes(local + ending, ""), "test")
    yield CountedStore
    CountedStore.clear()


def iterator(base, index=True, **options):
    options = {"data_shape": (3, 180, 192), "batch_size": 7, "prefetch_buffer": 1, **options}
    if index:
        options["path_imgidx"] = base + ".idx"
    return mx.io.ImageRecordIter(path_imgrec=base + ".rec", **options)


def epochs(source, count=2):
    """Labels, padding and pixels of some epochs."""
    found = []
    for _ in range(count):
        source.reset()
        for batch in source:
            data, label = batch.data[0].asnumpy(), batch.label[0].asnumpy()
            assert (data == label[:, None, None, None]).all()
            found.append((label.tolist(), batch.pad))
    return found


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"shuffle": True},
        {"shuffle": True, "num_parts": 3, "part_index": 1},
        {"index": False},
        {"index": False, "shuffle": True, "shuffle_chunk_size": 1},
        {"index": False, "num_parts": 3, "part_index": 2, "part_handle": "keep"},
    ],
    ids=str,
)
def test_batches_are_those_of_a_file(local, store, options):
    assert epochs(iterator("counted://b/a", **options)) == epochs(iterator(local, **options))


@pytest.mark.parametrize("shuffle", [False, True])
def test_a_part_reads_its_ranges_only(local, store, shuffle):
    index = mx.recordio.MXIndexedRecordIO(local + ".idx", local + ".rec", "r").idx
    options = {"num_parts": 4, "part_index": 2, "shuffle": shuffle, "batch_size": 5}
    source = iterator("counted://b/a", **options)
    labels = [label for row, _ in epochs(source, 1) for label in row]
    assert sorted(labels) == list(range(20, 30)) and (labels != sorted(labels)) == shuffle
    ranges = [each for each in store.asked if each[1] - each[0] > 10000]  # not the index
    assert sum(end - begin for begin, end in ranges) == index[30] - index[20]
    assert min(begin for begin, _ in ranges) == index[20]
    assert max(end for _, end in ranges) == index[30]


def test_several_objects_and_those_below_a_name(local, store):
    _files.write_bytes("memory://b/more/1.rec", _files.read_bytes(local + ".rec", ""), "test")
    _files.write_bytes("memory://b/more/2.rec", _files.read_bytes(local + ".rec", ""), "test")
    source = mx.io.ImageRecordIter(
        path_imgrec=f"memory://b/more;{local}.rec", data_shape=(3, 180, 192), batch_size=COUNT
    )
    assert [row for row, _ in epochs(source, 1)] == [list(range(COUNT))] * 3


@pytest.mark.parametrize("handle", ["pad", "discard"])
def test_equal_parts_without_an_index_are_those_of_a_file(local, store, handle):
    for part in range(3):
        options = {"index": False, "num_parts": 3, "part_index": part, "part_handle": handle}
        with pytest.warns(UserWarning, match="num_parts=3 .* all 4.1 MB .*path_imgidx"):
            source = iterator("counted://b/a", **options)
        assert epochs(source) == epochs(iterator(local, **options))


def test_labels_and_means_are_objects_too(local, store):
    lines = "".join(f"{i}\t{100 + i}\tx\n" for i in range(COUNT))
    _files.write_text("memory://b/a.lst", lines, "test")
    options = {"batch_size": COUNT, "path_imglist": "memory://b/a.lst"}
    source = iterator("memory://b/a", mean_img="memory://b/mean.nd", **options)
    batch = source.next()
    assert batch.label[0].asnumpy().tolist() == list(range(100, 100 + COUNT))
    assert np.allclose(batch.data[0].asnumpy().mean(), 0, atol=1e-3)
    assert _files.is_there("memory://b/mean.nd", "test")


def test_faults_that_pass_are_not_seen(store):
    source = iterator("counted://b/a")
    store.problems += [ConnectionResetError("reset"), 1000, TimeoutError("late")]
    assert [pad for _, pad in epochs(source, 1)] == [0, 0, 0, 0, 0, 2]


def test_a_lost_connection_is_named_and_the_next_epoch_reads_on(store):
    source = iterator("counted://b/a", index=False)
    store.problems += [ConnectionResetError("the peer went away")] * 4
    with pytest.raises(
        mx.MXNetError,
        match="ImageRecordIter: path_imgrec: 'counted://b/a.rec' cannot be read .*peer went away",
    ):
        source.next()
    with pytest.raises(StopIteration):
        source.next()
    assert len(epochs(source, 1)) == 6


def test_missing_and_refused_objects_are_named(store):
    with pytest.raises(OSError, match="path_imgrec: 'memory://b/none.rec' cannot be read .*NotF"):
        iterator("memory://b/none", index=False)
    with pytest.raises(OSError, match="ImageRecordIter: path_imgidx: 'memory://b/none.idx' cannot"):
        iterator("memory://b/a", index=False, path_imgidx="memory://b/none.idx")
    store.problems += [PermissionError("denied")]
    with pytest.raises(mx.MXNetError, match="path_imgidx: 'counted://b/a.idx' .*denied"):
        iterator("counted://b/a")


def test_of_a_terabyte_little_is_fetched_and_kept():
    printed = run("""
        import resource
        batches = source(num_parts=1024, part_index=1000, part_handle="keep", preprocess_threads=1)
        def megabytes():
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        batches.next()
        before = megabytes()
        for _ in range(100):
            batches.next()
        print(megabytes() - before, sum(end - begin for begin, end in asked) >> 20)
    """)
    grown, fetched = map(int, printed.split())
    assert grown < 100
    assert 400 <= fetched <= 480


def test_a_forked_process_reads_on_its_own():
    printed = run("""
        batches = source()
        batches.next()
        child = os.fork()
        if child == 0:
            batches.next()
            del batches
            raise SystemExit(0)
        batches.next()
        print(os.waitpid(child, 0)[1])
    """)
    assert printed == "0\n"


@pytest.mark.parametrize("ending", ["", "del batches", "batches.next()", "batches.reset()"])
def test_exit_while_requests_are_under_way(ending):
    assert (
        run(f"""
        WAIT = 0.3
        batches = source()
        batches.next()
        {ending}
        print("end")
    """)
        == "end\n"
    )
