"""Requests that wait for a model, and how they are joined to batches."""

import asyncio
import collections

from ..._serve import Job as NativeJob
from ..._serve import JobQueue as NativeQueue
from ..._serve import Put, key_of_rows
from ..errors import RequestError, overloaded

__all__ = ["ALONE", "Batch", "Closed", "Job", "JobQueue", "ended", "given_up", "key_of_rows"]

ALONE = ""  # the key of a job that shares no batch


class Closed(Exception):
    """The queue takes no more jobs."""


class Job(NativeJob):
    """A request that waits for its answer.

    Args:
        payload: What the runner computes with.
        rows (int): Rows of the batch that it takes.
        key (str): Jobs with equal keys may share a batch; `ALONE` for one that comes alone.

    Attributes:
        since (float): When it came, by the monotonic clock.
        future (asyncio.Future): Its answer.
        is_over (bool): Whether nobody waits for the answer any more.
    """

    __slots__ = ("payload", "future", "loop")

    def __init__(self, payload, rows=1, key=ALONE):
        super().__init__(rows, key)
        self.payload = payload
        self.loop = asyncio.get_running_loop()
        self.future = self.loop.create_future()


class Batch:
    """Requests that are computed together.

    Args:
        jobs (list of Job): Those that came by Python.
        plain (PlainBatch): Those that the express lane took; None if there are none. Their rows
            stand before those of the jobs.

    Attributes:
        rows (int): Rows of all of them.
        members (list): Who gets an answer, or an exception, each: `plain` if it is there, the jobs.
    """

    __slots__ = ("jobs", "plain", "rows", "members")

    def __init__(self, jobs, plain):
        self.jobs, self.plain = jobs, plain
        self.members = jobs if plain is None else [plain, *jobs]
        self.rows = sum(each.rows for each in self.members)

    def __len__(self):
        return len(self.jobs) + (0 if self.plain is None else len(self.plain))

    def deliver(self, answers):
        """Give each member its answer, or the exception in its place. Thread safety: any thread."""
        if self.plain is not None:
            _answer_plain(self.plain, answers[0])
            answers = answers[1:]
        by_loop = collections.defaultdict(list)
        for job, answer in zip(self.jobs, answers):
            by_loop[job.loop].append((job.future, answer))
        for loop, pairs in by_loop.items():
            try:
                loop.call_soon_threadsafe(_resolve, pairs)
            except RuntimeError:  # the loop has ended, and with it whoever waited
                pass


def _answer_plain(plain, answer):
    if isinstance(answer, RequestError):
        plain.fail(answer.status, answer.message, answer.retry_after or 0)
    else:
        plain.complete(answer)


def _resolve(pairs):
    for future, answer in pairs:
        if future.done():
            continue
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        else:
            future.set_result(answer)


class JobQueue:
    """A bounded queue that hands out batches.

    Args:
        size (int): Jobs that may wait.
        name (str): What errors call the model.

    Attributes:
        native (mxnet._serve.JobQueue): The queue itself, which the express lane fills too.
    """

    def __init__(self, size, name):
        self._size, self._name = size, name
        self.native = NativeQueue(size)

    def __len__(self):
        return len(self.native)

    def put(self, job):
        """Add a job.

        Raises:
            Closed: The queue was closed.
            RequestError: Too many jobs wait.
        """
        outcome = self.native.put(job)
        if outcome is Put.CLOSED:
            raise Closed
        if outcome is Put.FULL:
            raise self.refusal()

    def refusal(self):
        """The error of requests that there is no room for."""
        return overloaded(f"{self._name}: {self._size} requests wait already; try again later")

    def close(self):
        """Take no more jobs; those that wait are handed out still."""
        self.native.close()

    def take(self, max_rows, max_delay, wanted=0, patience=0.0):
        """Wait for a batch.

        Args:
            max_rows (int): Rows of a batch; a larger job comes alone.
            max_delay (float): Seconds after its arrival that the first job waits for others.
            wanted (int): Rows that are waited for at least `patience` seconds from now on.
            patience (float): See `wanted`.

        Returns:
            Batch: Jobs with equal keys; None when the queue is closed and empty.
        """
        parts = self.native.take(max_rows, max_delay, wanted, patience)
        return parts and Batch(*parts)

    def fail_waiting(self, failure):
        """Give all that wait an error."""
        batch = Batch(*self.native.take_all())
        batch.deliver([failure] * len(batch.members))


def ended(name):
    """The error of requests that were not computed before the end of the server."""
    return RequestError(503, f"{name}: the server ended before the request was computed")


def given_up(name, seconds):
    """The error of requests that were not computed in time."""
    return RequestError(504, f"{name}: no answer within {seconds:g} s; it was given up")
