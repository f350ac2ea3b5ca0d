"""A version of a model: its queue, its runners, its state."""

import collections
import enum
import threading
import time

from ...log import logger
from ..errors import RequestError
from .deadlines import Deadlines
from .queue import ALONE, Job, JobQueue, ended, given_up
from .statistics import Statistics

__all__ = ["ModelVersion", "State"]

_LATENCIES_KEPT = 256
_PATIENCE = 0.05  # of the time that the last batch took


class State(str, enum.Enum):
    """What a version does; the order is that of its life."""

    LOADING = "LOADING"
    READY = "READY"
    DRAINING = "DRAINING"
    GONE = "GONE"


class ModelVersion:
    """A version of a model, with threads that compute its queue.

    Args:
        name, version (str): What it is called.
        model: What is served: `make_runners(is_urgent)` gives objects with `run(batch)`, which
            gives an answer or an exception for each of its members, `has_more`, `prepare()` and
            `close()`; `max_rows` are the rows of a batch; `close()` ends it.
        settings (ModelSettings): How it is run.
        observer: `batch_done(version, rows, seconds)` is called after each batch, and
            `plain_done(version, seconds)` with how long each of its plain requests took.

    Thread safety: `submit` and `submit_payload` belong to event loops, all else to any thread.
    """

    def __init__(self, name, version, model, settings, observer=None):
        self.name, self.version, self.model, self.settings = name, version, model, settings
        self.state = State.LOADING
        self.loaded_at = None
        self.served = 0
        self.latencies = collections.deque(maxlen=_LATENCIES_KEPT)
        self.statistics = Statistics()
        self.queue = JobQueue(settings.queue_size, name)
        self._observer = observer
        self._lock = threading.Lock()
        self._runners, self._threads = [], []
        self._deadlines = {}  # by event loop

    def start(self, is_urgent=False):
        """Make the runners, warm them up and take jobs.

        Args:
            is_urgent (bool): Whether jobs are taken as soon as one can be computed; runners get
                ready for others between the first ones.

        Raises:
            MXNetError: The model cannot be run.
        """
        self._runners = self.model.make_runners(is_urgent)
        for number, runner in enumerate(self._runners):
            thread = threading.Thread(
                target=self._work, args=(runner,), name=f"serve-{self.name}-{number}", daemon=True
            )
            self._threads.append(thread)
            thread.start()
        self.loaded_at = time.time()
        self.state = State.READY

    def _work(self, runner):
        wanted, patience = 0, 0.0
        while True:
            self._prepare(runner)
            batch = self.queue.take(self.model.max_rows, self.settings.max_delay, wanted, patience)
            if batch is None:
                return
            start = time.monotonic()
            try:
                answers = runner.run(batch)
            except Exception as cause:  # a defect of a runner must not end its thread
                answers = self._failures(batch, cause)
            end = time.monotonic()
            # Clients that wait for their answers before they ask again come back together. A short
            # wait, as the time goes, lets them share a batch again instead of splitting it in two.
            wanted = batch.rows
            patience = _PATIENCE * (end - start) if wanted > 1 else 0.0
            self._count(batch, answers, start, end)
            try:
                batch.deliver(answers)
            except Exception as cause:
                batch.deliver(self._failures(batch, cause))

    def _failures(self, batch, cause):
        logger.exception("%s: a batch failed", self.name)
        failure = RequestError(500, f"{self.name}: {type(cause).__name__}: {cause}")
        return [failure] * len(batch.members)

    def _count(self, batch, answers, start, end):
        plain = batch.plain.ages(end) if batch.plain is not None else []
        with self._lock:
            self.served += len(batch)
            self.latencies.extend(end - job.since for job in batch.jobs)
            self.latencies.extend(plain)
        self.statistics.batch_done(batch, answers, start, end)
        if self._observer is None:
            return
        self._observer.batch_done(self, batch.rows, end - start)
        if plain and not isinstance(answers[0], BaseException):
            self._observer.plain_done(self, plain)

    def _prepare(self, runner):
        """Let a runner do one piece of what is left of its start, or all while nobody waits."""
        try:
            while runner.has_more:
                runner.prepare()
                if len(self.queue):
                    return
        except Exception:  # batches that need it will say so to those who ask
            logger.exception("%s: a batch of zeros failed", self.name)

    async def submit(self, payload, rows=1, key=ALONE):
        """Compute a request.

        Args:
            payload: What the runners take.
            rows (int): Rows of the batch that it takes.
            key (str): Requests with equal keys may share a batch; `ALONE` for one that shares none.

        Raises:
            Closed: The version takes no more requests.
            RequestError: It was refused, failed or took too long.
        """
        job = Job(payload, rows, key)
        self.queue.put(job)
        deadlines = self._deadlines.get(job.loop)
        if deadlines is None:
            deadlines = Deadlines(job.loop, self.settings.timeout, self._give_up)
            self._deadlines[job.loop] = deadlines
        deadlines.add(job)
        try:
            return await job.future
        finally:
            job.is_over = True
            deadlines.remove(job)

    def _give_up(self, job):
        if not job.future.done():
            job.is_over = True
            self.statistics.given_up(job.since)
            job.future.set_exception(given_up(self.name, self.settings.timeout))

    def close(self, drain):
        """Take no more jobs, compute those that wait for up to `drain` seconds, and end."""
        with self._lock:
            if self.state in (State.DRAINING, State.GONE):
                return
            self.state = State.DRAINING
        self.queue.close()
        until = time.monotonic() + drain
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0))
        self.queue.fail_waiting(ended(self.name))
        for runner in self._runners:
            runner.close()
        self.model.close()
        # They know this version: without each other, both go at once, and the network with them.
        watching, self._deadlines = self._deadlines, {}
        for loop, deadlines in list(watching.items()):
            try:
                loop.call_soon_threadsafe(deadlines.stop)
            except RuntimeError:  # the loop has ended
                pass
        self.state = State.GONE

    def describe(self):
        """State and figures for people and for the management protocols."""
        with self._lock:
            latencies = sorted(self.latencies)
        middle = latencies[len(latencies) // 2] * 1000 if latencies else None
        return {
            "version": self.version,
            "state": self.state.value,
            "requests": self.served,
            "waiting": len(self.queue),
            "median_ms": None if middle is None else round(middle, 3),
        }
