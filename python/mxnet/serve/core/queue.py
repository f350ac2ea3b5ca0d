"""Requests that wait for a model, and how they are joined to batches."""

import asyncio
import collections
import threading
import time

from ..errors import RequestError, overloaded

__all__ = ["Closed", "Job", "JobQueue", "deliver"]


class Closed(Exception):
    """The queue takes no more jobs."""


class Job:
    """A request that waits for its answer.

    Args:
        payload: What the runner computes with.
        rows (int): Rows of the batch that it takes.
        key: Jobs with equal keys may share a batch.

    Attributes:
        future (asyncio.Future): Its answer.
    """

    __slots__ = ("payload", "rows", "key", "future", "loop", "since")

    def __init__(self, payload, rows=1, key=None):
        self.payload, self.rows, self.key = payload, rows, key
        self.loop = asyncio.get_running_loop()
        self.future = self.loop.create_future()
        self.since = time.monotonic()

    @property
    def is_over(self):
        """Whether nobody waits for the answer any more."""
        return self.future.done()


def deliver(jobs, answers):
    """Give each job its answer, or the exception in its place. Thread safety: any thread."""
    by_loop = collections.defaultdict(list)
    for job, answer in zip(jobs, answers):
        by_loop[job.loop].append((job.future, answer))
    for loop, pairs in by_loop.items():
        try:
            loop.call_soon_threadsafe(_resolve, pairs)
        except RuntimeError:  # the loop has ended, and with it whoever waited
            pass


def _resolve(pairs):
    for future, answer in pairs:
        if future.done():
            continue
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        else:
            future.set_result(answer)


class _Collector:
    """A runner that waits for more jobs to join its batch."""

    __slots__ = ("key", "missing", "is_full")

    def __init__(self, lock, key):
        self.key, self.missing = key, 0
        self.is_full = threading.Condition(lock)


class JobQueue:
    """A bounded queue that hands out batches.

    Waking a thread costs more than adding a job, and takes the interpreter's lock from the event
    loop. So runners without a job are woken by a job, and those that collect a batch when it is
    full, not for each job that joins.

    Args:
        size (int): Jobs that may wait.
        name (str): What errors call the model.
    """

    def __init__(self, size, name):
        self._size, self._name = size, name
        self._jobs = collections.deque()
        self._lock = threading.Lock()
        self._arrived = threading.Condition(self._lock)
        self._idle, self._collectors = 0, []
        self._is_closed = False

    def __len__(self):
        return len(self._jobs)

    def put(self, job):
        """Add a job.

        Raises:
            Closed: The queue was closed.
            RequestError: Too many jobs wait.
        """
        with self._lock:
            if self._is_closed:
                raise Closed
            if len(self._jobs) >= self._size:
                self._jobs = collections.deque(each for each in self._jobs if not each.is_over)
            if len(self._jobs) >= self._size:
                raise overloaded(
                    f"{self._name}: {self._size} requests wait already; try again later"
                )
            self._jobs.append(job)
            for each in self._collectors:
                if each.key == job.key and each.missing > 0:
                    each.missing -= job.rows
                    if each.missing <= 0:
                        each.is_full.notify()
                    return
            if self._idle:
                self._arrived.notify()

    def close(self):
        """Take no more jobs; those that wait are handed out still."""
        with self._lock:
            self._is_closed = True
            self._arrived.notify_all()
            for each in self._collectors:
                each.is_full.notify()

    def take(self, max_rows, max_delay, wanted=0, patience=0.0):
        """Wait for a batch.

        Args:
            max_rows (int): Rows of a batch; a larger job comes alone.
            max_delay (float): Seconds after its arrival that the first job waits for others.
            wanted (int): Rows that are waited for at least `patience` seconds from now on.
            patience (float): See `wanted`.

        Returns:
            list of Job: Jobs with equal keys; None when the queue is closed and empty.
        """
        with self._lock:
            while not self._drop_ended():
                if self._is_closed:
                    return None
                self._idle += 1
                self._arrived.wait()
                self._idle -= 1
            batch = [self._jobs.popleft()]
            if batch[0].key is not None:
                self._collect(batch, max_rows, max_delay, min(wanted, max_rows), patience)
            if self._jobs and self._idle:
                self._arrived.notify()
            return batch

    def _collect(self, batch, max_rows, max_delay, wanted, patience):
        """Join jobs to the first one of a batch until it is full or time is up."""
        full, patient = batch[0].since + max_delay, time.monotonic() + patience
        collector = _Collector(self._lock, batch[0].key)
        rows = batch[0].rows
        while True:
            rows = self._join(batch, rows, max_rows)
            now = time.monotonic()
            enough, until = (max_rows, full) if now < full else (wanted, patient)
            if rows >= enough or now >= until or self._is_closed:
                return
            if self._jobs and self._idle:
                self._arrived.notify()  # for one that takes what does not fit here
            collector.missing = enough - rows
            self._collectors.append(collector)
            collector.is_full.wait(until - now)
            self._collectors.remove(collector)

    def fail_waiting(self, failure):
        """Give all that wait an error."""
        with self._lock:
            jobs, self._jobs = list(self._jobs), collections.deque()
        deliver(jobs, [failure] * len(jobs))

    def _drop_ended(self):
        """Forget jobs at the front that nobody waits for; gives whether others are there."""
        while self._jobs and self._jobs[0].is_over:
            self._jobs.popleft()
        return bool(self._jobs)

    def _join(self, batch, rows, max_rows):
        key, left = batch[0].key, collections.deque()
        for job in self._jobs:
            if job.key == key and rows + job.rows <= max_rows and not job.is_over:
                batch.append(job)
                rows += job.rows
            else:
                left.append(job)
        self._jobs = left
        return rows


def ended(name):
    """The error of requests that were not computed before the end of the server."""
    return RequestError(503, f"{name}: the server ended before the request was computed")
