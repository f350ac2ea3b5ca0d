"""The loader of batches: this process, threads, processes, and what goes wrong in them."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest

import mxnet as mx
from mxnet.gluon import data as gdata

WORKERS = [{}, {"num_workers": 2}, {"num_workers": 2, "thread_pool": True}]
RANGE = gdata.SimpleDataset(list(range(10)))


class Broken(gdata.Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, idx):
        if idx == 2:
            raise KeyError("bad 2")
        return idx


class Slow(Broken):
    def __getitem__(self, idx):
        time.sleep(30)


class Killed(Broken):
    def __getitem__(self, idx):
        os.kill(os.getpid(), signal.SIGKILL)


class Seeds(Broken):
    def __getitem__(self, idx):
        time.sleep(0.05)
        return np.random.randint(1 << 30), int(mx.nd.random.randint(0, 1 << 30).asscalar())


@pytest.mark.parametrize("options", WORKERS)
def test_batches_in_order(options):
    loader = gdata.DataLoader(RANGE, 3, **options)
    assert len(loader) == 4
    for _ in range(2):
        batches = [batch.asnumpy().tolist() for batch in loader]
        assert batches == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]]


@pytest.mark.parametrize("options", WORKERS)
def test_parts_and_types(options):
    dataset = gdata.ArrayDataset(
        np.arange(6, dtype="float64"), mx.nd.ones((6, 2), dtype="uint8"), list(range(6))
    )
    for first, second, third in gdata.DataLoader(dataset, 2, **options):
        assert [each.dtype for each in (first, second, third)] == [np.float64, np.uint8, np.int64]
        assert second.shape == (2, 2) and isinstance(second, mx.nd.NDArray)


@pytest.mark.parametrize("options", WORKERS)
def test_own_batches(options):
    def batchify(samples):
        return {"n": len(samples), "x": np.array(samples), "y": [mx.nd.array(samples)], "z": None}

    batches = list(gdata.DataLoader(RANGE, 5, batchify_fn=batchify, **options))
    assert [batch["n"] for batch in batches] == [5, 5]
    assert batches[1]["x"].tolist() == batches[1]["y"][0].asnumpy().tolist() == [5, 6, 7, 8, 9]


@pytest.mark.parametrize("options", WORKERS)
def test_shuffling_follows_the_seed(options):
    np.random.seed(1)
    expected = np.arange(10)
    np.random.shuffle(expected)
    np.random.seed(1)
    loader = gdata.DataLoader(RANGE, 10, shuffle=True, **options)
    assert next(iter(loader)).asnumpy().tolist() == expected.tolist()


@pytest.mark.parametrize("options", WORKERS)
def test_two_epochs_at_once_and_one_left_early(options):
    loader = gdata.DataLoader(RANGE, 2, **options)
    for one, other in zip(loader, loader):
        assert (one.asnumpy() == other.asnumpy()).all()
    for _ in loader:
        break
    assert sum(batch.asnumpy().sum() for batch in loader) == 45


@pytest.mark.parametrize("options", WORKERS)
def test_errors_of_the_dataset_come_through(options):
    loader = gdata.DataLoader(Broken(), 1, **options)
    with pytest.raises(KeyError, match="bad 2") as caught:
        list(loader)
    if options.get("num_workers") and not options.get("thread_pool"):
        assert "in __getitem__" in str(caught.value.__cause__)  # the worker's own lines
    assert next(iter(loader)).asscalar() == 0


@pytest.mark.parametrize("options", WORKERS[1:])
def test_timeouts(options):
    loader = gdata.DataLoader(Slow(), 1, timeout=1, **options)
    if options.get("thread_pool"):
        loader = gdata.DataLoader(RANGE.transform(lambda x: time.sleep(3)), 1, timeout=1, **options)
    with pytest.raises(multiprocessing.TimeoutError, match="timeout=1 seconds are over"):
        next(iter(loader))


def test_killed_workers_are_named():
    loader = gdata.DataLoader(Killed(), 1, num_workers=2)
    with pytest.raises(RuntimeError, match=r"worker \d \(process \d+\) ended by signal SIGKILL"):
        next(iter(loader))


def test_workers_draw_numbers_of_their_own():
    def draw(seed):
        np.random.seed(seed)
        loader = gdata.DataLoader(Seeds(), 1, num_workers=4, prefetch=4)
        return {tuple(int(part.asscalar()) for part in batch) for batch in loader}

    assert len(draw(1)) == 4
    assert draw(1) == draw(1) != draw(2)


def test_what_is_loaded_ahead():
    loader = gdata.DataLoader(RANGE, 5, num_workers=1, auto_reload=True)
    for _ in range(3):
        assert len(list(loader)) == 2
    loader.clean()
    loader.refresh()
    assert next(iter(loader)).asnumpy().tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    "arguments, what",
    [
        ({}, "batch_size is missing"),
        ({"batch_size": 2, "batch_sampler": [[1]]}, "batch_sampler"),
        ({"batch_size": 2, "shuffle": True, "sampler": gdata.SequentialSampler(2)}, "shuffle"),
    ],
)
def test_wrong_arguments(arguments, what):
    with pytest.raises(ValueError, match=what):
        gdata.DataLoader(RANGE, **arguments)


def test_no_time_to_wait():
    with pytest.raises(AssertionError, match="timeout=0"):
        gdata.DataLoader(RANGE, 2, timeout=0)


def test_samples_that_are_no_numbers():
    with pytest.raises(TypeError, match="samples are of type str"):
        list(gdata.DataLoader(["a", "b"], 2))


def test_pictures_through_processes():
    pictures = mx.nd.array(np.random.RandomState(0).randint(0, 255, (8, 20, 20, 3)), dtype="uint8")
    transform = gdata.vision.transforms.Compose(
        [gdata.vision.transforms.Resize(10), gdata.vision.transforms.ToTensor()]
    )
    dataset = gdata.ArrayDataset(pictures, list(range(8))).transform_first(transform)
    here, there = (list(gdata.DataLoader(dataset, 4, num_workers=n)) for n in (0, 2))
    for (one, _), (other, _) in zip(here, there):
        assert one.shape == (4, 3, 10, 10)
        np.testing.assert_array_equal(one.asnumpy(), other.asnumpy())


PROGRAM = """
    import multiprocessing, os, signal, sys, time
    import numpy as np
    from mxnet.gluon import data

    if __name__ == "__main__":
        multiprocessing.set_start_method(sys.argv[1])
        loader = data.DataLoader(data.ArrayDataset(np.ones((64, 100000), "float32")), 4,
                                 num_workers=2)
        batches = iter(loader)
        assert next(batches).shape == (4, 100000)
        print(*(worker.process.pid for worker in loader._pool._workers), flush=True)
        if sys.argv[2] == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.parametrize("end", ["ended", "killed"])
def test_nothing_is_left(tmp_path, method, end):
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(PROGRAM))
    before = set(os.listdir("/dev/shm"))
    result = subprocess.run(
        [sys.executable, str(path), method, end], capture_output=True, text=True, timeout=120
    )
    assert result.returncode == (0 if end == "ended" else -signal.SIGKILL), result.stderr
    workers = [int(number) for number in result.stdout.split()]
    assert len(workers) == 2
    deadline = time.monotonic() + 60
    while any(os.path.exists(f"/proc/{each}") for each in workers):
        assert time.monotonic() < deadline, "workers are left"
        time.sleep(0.1)
    left = {name for name in set(os.listdir("/dev/shm")) - before if "mxnet" in name}
    assert not left
