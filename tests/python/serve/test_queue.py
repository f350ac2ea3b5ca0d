"""The queue of a version: what joins, what is refused, what is given up."""

import asyncio
import threading

import pytest

from mxnet.serve.core.queue import Batch, Closed, Job, JobQueue
from mxnet.serve.core.version import ModelVersion, State
from mxnet.serve.errors import RequestError
from mxnet.serve.settings import ModelSettings


def payloads(batch):
    return [job.payload for job in batch.jobs]


def run(function):
    """Run a coroutine function to its end."""
    return asyncio.run(asyncio.wait_for(function(), 30))


def test_equal_keys_join_up_to_the_rows():
    async def check():
        jobs = JobQueue(100, "m")
        for payload, rows, key in [
            ("a", 1, "k"),
            ("b", 1, "l"),
            ("c", 2, "k"),
            ("d", 2, "k"),
            ("e", 1, "k"),
        ]:
            jobs.put(Job(payload, rows, key))
        # d has no room left; e, behind it, has.
        assert payloads(jobs.take(4, 0)) == ["a", "c", "e"]
        assert payloads(jobs.take(4, 0)) == ["b"]
        assert payloads(jobs.take(4, 0)) == ["d"]

    run(check)


def test_jobs_without_a_key_come_alone():
    async def check():
        jobs = JobQueue(100, "m")
        jobs.put(Job("a"))
        jobs.put(Job("b"))
        assert payloads(jobs.take(4, 10)) == ["a"]

    run(check)


def test_the_first_waits_for_others_until_the_batch_is_full():
    async def check():
        jobs, taken = JobQueue(100, "m"), []
        jobs.put(Job("a", 1, "k"))
        thread = threading.Thread(target=lambda: taken.append(jobs.take(3, 20)))
        thread.start()
        for payload in "bc":
            jobs.put(Job(payload, 1, "k"))
        thread.join(10)
        assert payloads(taken[0]) == ["a", "b", "c"]

    run(check)


def test_as_many_rows_as_before_are_waited_for():
    async def check():
        jobs, taken = JobQueue(100, "m"), []
        jobs.put(Job("a", 1, "k"))
        thread = threading.Thread(target=lambda: taken.append(jobs.take(8, 0, 3, 20)))
        thread.start()
        for payload in "bc":
            jobs.put(Job(payload, 1, "k"))
        thread.join(10)  # three are enough, although eight would fit
        assert payloads(taken[0]) == ["a", "b", "c"]
        jobs.put(Job("d", 1, "k"))
        assert payloads(jobs.take(8, 0, 3, 0.01)) == ["d"]  # patience ends

    run(check)


def test_what_does_not_join_a_batch_goes_to_another_runner():
    async def check():
        jobs, taken = JobQueue(100, "m"), []
        threads = [
            threading.Thread(target=lambda: taken.append(payloads(jobs.take(3, 20))))
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        # b has no room beside a, and c has another key; all three runners wait for more then.
        for payload, rows, key in [("a", 2, "k"), ("b", 2, "k"), ("c", 1, "l")]:
            jobs.put(Job(payload, rows, key))
            while len(jobs):
                await asyncio.sleep(0.001)
        for payload, rows, key in [("d", 2, "l"), ("e", 1, "k"), ("f", 1, "k")]:
            jobs.put(Job(payload, rows, key))
        for thread in threads:
            thread.join(10)
        assert sorted(map(len, taken)) == [2, 2, 2] and ["c", "d"] in taken

    run(check)


def test_a_full_queue_refuses_and_forgets_who_has_left():
    async def check():
        jobs = JobQueue(2, "m")
        first = Job("a", 1, "k")
        jobs.put(first)
        jobs.put(Job("b", 1, "k"))
        with pytest.raises(RequestError) as caught:
            jobs.put(Job("c", 1, "k"))
        assert (caught.value.status, caught.value.retry_after) == (503, 1)
        first.is_over = True
        jobs.put(Job("d", 1, "k"))
        assert payloads(jobs.take(4, 0)) == ["b", "d"]

    run(check)


def test_a_closed_queue_hands_out_what_waits():
    async def check():
        jobs = JobQueue(2, "m")
        jobs.put(Job("a", 1, "k"))
        jobs.close()
        with pytest.raises(Closed):
            jobs.put(Job("b", 1, "k"))
        assert payloads(jobs.take(4, 10)) == ["a"]
        assert jobs.take(4, 10) is None

    run(check)


class Runner:
    """Answers with its number of jobs when it may go on; raises when asked to."""

    has_more = False

    def __init__(self):
        self.may_go, self.has_begun, self.is_closed = threading.Event(), threading.Event(), False

    def run(self, batch):
        self.has_begun.set()
        self.may_go.wait(20)
        if batch.jobs[0].payload == "raise":
            raise RuntimeError("as asked")
        return [(job.payload, len(batch)) for job in batch.jobs]

    def close(self):
        self.is_closed = True


class Model:
    """A model with one such runner."""

    max_rows = 8

    def __init__(self):
        self.runner, self.is_closed = Runner(), False

    def make_runners(self, is_urgent):
        return [self.runner]

    def close(self):
        self.is_closed = True


@pytest.fixture
def version():
    found = ModelVersion("m", "1", Model(), ModelSettings(queue_size=3, timeout=20))
    found.start()
    yield found
    found.model.runner.may_go.set()
    found.close(10)


async def submit_all(version, count):
    """Submit numbers, of which the runner has taken the first and no other."""
    asked = []
    for number in range(count):
        asked.append(asyncio.ensure_future(version.submit(number, 1, "k")))
        while not version.model.runner.has_begun.is_set() or len(version.queue) != number:
            await asyncio.sleep(0.001)
    return asked


def test_draining_answers_all_that_was_accepted(version):
    async def check():
        asked = await submit_all(version, 4)
        with pytest.raises(RequestError):
            await version.submit("refused", 1, "k")
        closing = threading.Thread(target=version.close, args=(20,))
        closing.start()
        while version.state is not State.DRAINING:
            await asyncio.sleep(0.001)
        version.model.runner.may_go.set()
        answers = await asyncio.gather(*asked)
        assert answers == [(0, 1), (1, 3), (2, 3), (3, 3)]
        with pytest.raises(Closed):
            await version.submit("late", 1, "k")
        await asyncio.to_thread(closing.join)
        assert version.state is State.GONE
        assert version.model.is_closed and version.model.runner.is_closed

    run(check)


def test_what_waits_after_the_drain_gets_an_error(version):
    async def check():
        asked = await submit_all(version, 2)
        await asyncio.to_thread(version.close, 0)
        with pytest.raises(RequestError) as caught:
            await asked[1]
        assert caught.value.status == 503
        version.model.runner.may_go.set()
        assert await asked[0] == (0, 1)

    run(check)


def test_a_runner_that_raises_goes_on(version):
    async def check():
        version.model.runner.may_go.set()
        with pytest.raises(RequestError) as caught:
            await version.submit("raise", 1, "k")
        assert (caught.value.status, "as asked" in caught.value.message) == (500, True)
        assert await version.submit("b", 1, "k") == ("b", 1)

    run(check)


def test_a_request_is_given_up(version):
    async def check():
        slow = ModelVersion("m", "1", version.model, ModelSettings(timeout=0.01))
        slow.start()
        with pytest.raises(RequestError) as caught:
            await slow.submit("a", 1, "k")
        assert caught.value.status == 504
        version.model.runner.may_go.set()
        await asyncio.to_thread(slow.close, 10)

    run(check)


def test_answers_for_a_loop_that_has_ended_are_dropped():
    async def make():
        return Job("a")

    Batch([asyncio.run(make())], None).deliver(["answer"])
